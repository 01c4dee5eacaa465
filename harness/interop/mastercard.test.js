import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Mastercard, fingerprints } from './mastercard.js';
import { receiver, start } from './sandbox.js';

const numbers = ['5204731600014784', '5204731600013711', '5204731600014636', '5204731600012804', '5204731600014792', '5204731600013729'];
let inbox, sandbox, wallet;

const account = (number) => ({
  cardAccountData: { accountNumber: number, expiryMonth: '12', expiryYear: '30', securityCode: '123' },
  accountHolderData: { accountHolderName: 'ADA EXAMPLE' },
  source: 'ACCOUNT_ON_FILE',
});

before(async () => {
  inbox = await receiver();
  sandbox = await start(`${inbox.url}/mc`);
  wallet = sandbox.env.requestors[0];
});

after(async () => {
  await sandbox?.stop();
  inbox?.close();
});

const client = (variant) => new Mastercard(sandbox.env.baseUrl.mastercard, wallet.mastercard, wallet.trid.mastercard, variant);

let next = 0;
for (const digest of ['SHA-256', 'SHA-512']) {
  for (const [form, fingerprint] of Object.entries(fingerprints)) {
    const number = numbers[next++];
    describe(`with ${digest} and a fingerprint that is the ${form}`, () => {
      let mc, ref, tokenNumber;

      test('tokenizes, and the activation is notified under encryption', async () => {
        mc = client({ digest, fingerprint });
        const { status, body, correlation } = await mc.tokenize(account(number));
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body.decision, 'APPROVED', JSON.stringify(body));
        assert.match(correlation, /^[0-9a-f]{16}-[0-9a-f]{7}$/);
        assert.match(body.tokenUniqueReference, /^DWSPMC\d{10}[0-9a-f]{32}$/);
        ref = body.tokenUniqueReference;
        assert.equal(body.tokenInfo.accountPanSuffix, number.slice(-4));
        tokenNumber = body.tokenDetail.encryptedData?.tokenNumber ?? body.tokenDetail.tokenNumber;
        assert.match(tokenNumber, /^520424\d{10}$/);

        await sandbox.advance('5s');
        const [notice] = inbox.take();
        assert.equal(notice.url, '/mc/digitization/static/1/0/notifyTokenUpdated');
        assert.equal(notice.headers.authorization, undefined);
        const opened = mc.notice(notice.body);
        const [token] = (opened.encryptedPayload.encryptedData ?? opened.encryptedPayload).tokens;
        assert.equal(token.tokenUniqueReference, ref);
        assert.equal(token.status, 'ACTIVE');
      });

      test('transacts: a UCAF cryptogram with the unpredictable number asked for', async () => {
        const { status, body } = await mc.transact(ref);
        assert.equal(status, 200);
        const data = body.encryptedPayload.encryptedData ?? body.encryptedPayload;
        assert.equal(data.accountNumber, tokenNumber);
        const cryptogram = Buffer.from(data.de48se43Data, 'base64');
        assert.equal(cryptogram.length, 19);
        assert.equal(cryptogram.subarray(11, 15).toString('hex'), '23424563');
        assert.match(data.de48se43Data, /^A.*GgADFA==$/);
      });

      test('the issuer suspends for fraud: notified, refused, lifted, deleted', async () => {
        await sandbox.actAsIssuer(ref, 'suspend', 'SUSPECTED_FRAUD');
        await sandbox.advance('1s');
        const opened = mc.notice(inbox.take()[0].body);
        const [told] = (opened.encryptedPayload.encryptedData ?? opened.encryptedPayload).tokens;
        assert.deepEqual([told.status, told.eventReasonCode, told.suspendedBy], ['SUSPENDED', 'SUSPECTED_FRAUD', ['ISSUER']]);
        const refused = await mc.transact(ref);
        assert.equal(refused.status, 200);
        assert.equal(refused.body.errorCode, 'INVALID_TOKEN_STATUS');
        await sandbox.actAsIssuer(ref, 'resume', 'NOT_FRAUD');
        for (const [verb, reason, status] of [['suspend', 'OTHER', 'SUSPENDED'], ['unsuspend', 'OTHER', 'ACTIVE'], ['delete', 'OTHER', 'DEACTIVATED']]) {
          const { body } = await mc.move(verb, ref, reason);
          assert.equal(body.tokens?.[0].status, status, `${verb}: ${JSON.stringify(body)}`);
        }
        await sandbox.advance('1s');
        inbox.take();
      });
    });
  }
}

test('each environment segment reaches the same network', async () => {
  const mc = client({ digest: 'SHA-512', fingerprint: fingerprints['SHA-256 of the public key'] });
  for (const segment of ['/static', '/mtf', '']) {
    const { status, body } = await mc.call('POST', `/digitization${segment}/1/0/searchTokens`, {
      requestId: 'r', tokenRequestorId: wallet.trid.mastercard, fundingAccountInfo: { panUniqueReference: 'FWSPMC00000000010123456789abcdef0123456789abcdef' },
    });
    assert.equal(status, 200);
    assert.equal(body.errorCode, 'INVALID_PAN_UNIQUE_REFERENCE', JSON.stringify(body));
  }
});

test('an unknown client id is answered as the gateway does', async () => {
  const mc = client({ digest: 'SHA-512', fingerprint: fingerprints['SHA-256 of the public key'] });
  mc.keys = { ...mc.keys, consumerKey: `x${mc.keys.consumerKey.slice(1)}` };
  const { status, body } = await mc.call('POST', '/digitization/static/1/0/getToken', { requestId: 'r' });
  assert.equal(status, 401);
  assert.equal(body.Errors.Error[0].ReasonCode, 'INVALID_CLIENT_ID');
});
