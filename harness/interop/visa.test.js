import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { receiver, start } from './sandbox.js';
import { Visa, verify } from './visa.js';

const card = { accountNumber: '4622943120000600', name: 'Alex Example', cvv2: '123', expirationDate: { month: '12', year: '2029' } };
let inbox, sandbox, visa, outbound, token;

before(async () => {
  inbox = await receiver();
  sandbox = await start(`${inbox.url}/visa`);
  const wallet = sandbox.env.requestors[0];
  outbound = wallet.visa.outbound;
  visa = new Visa(sandbox.env.baseUrl.visa, wallet.visa, wallet.trid.visa);
});

after(async () => {
  await sandbox?.stop();
  inbox?.close();
});

test('the smallest request of the published client provisions an inactive token', async () => {
  const answer = await visa.provision(card);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  assert.ok(answer.correlation, 'X-CORRELATION-ID');
  assert.match(answer.body.vProvisionedTokenID, /^[0-9a-f]{32}$/);
  assert.equal(answer.body.tokenInfo.tokenStatus, 'INACTIVE');
  token = answer.body.vProvisionedTokenID;
});

test('the activation is notified, signed with the outbound secret', async () => {
  const settled = await sandbox.advance('5s');
  assert.equal(settled.settled, true);
  const [notice, ...rest] = inbox.take();
  assert.equal(rest.length, 0);
  assert.match(notice.url, /^\/visa\/provisionedToken\?eventType=TOKEN_STATUS_UPDATED&apiKey=/);
  assert.ok(verify(notice, outbound.secret), 'the signature holds');
  assert.ok(!verify({ ...notice, body: `${notice.body} ` }, outbound.secret), 'and not for another body');
  assert.equal(JSON.parse(notice.body).vProvisionedTokenID, token);
  const { body } = await visa.call('GET', `provisionedTokens/${token}`);
  assert.equal(body.tokenInfo.tokenStatus, 'ACTIVE');
});

test('payment data holds a cryptogram and a token number that jose opens', async () => {
  const seen = new Set();
  for (let i = 0; i < 2; i++) {
    const { status, body } = await visa.call('POST', `provisionedTokens/${token}/paymentData`, {
      clientPaymentDataID: `order-${i}`, paymentRequest: { transactionType: 'ECOM' },
    });
    assert.equal(status, 200, JSON.stringify(body));
    const cryptogram = Buffer.from(body.cryptogramInfo.cryptogram, 'base64');
    assert.equal(cryptogram.length, 20);
    assert.equal(cryptogram[0], 2);
    seen.add(body.cryptogramInfo.cryptogram);
    const { header, value } = await visa.open(body.tokenInfo.encTokenInfo);
    assert.deepEqual(Object.keys(header).sort(), ['alg', 'channelSecurityContext', 'enc', 'iat', 'iv', 'kid', 'tag', 'typ']);
    assert.equal(typeof header.iat, 'string');
    assert.match(value.token, /^489537\d{10}$/);
    assert.equal(value.token.slice(-4), body.tokenInfo.last4);
  }
  assert.equal(seen.size, 2, 'no cryptogram twice');
});

test('a suspension by the issuer is notified and refuses payment data', async () => {
  await sandbox.actAsIssuer(token, 'suspend', 'SUSPECTED_FRAUD');
  await sandbox.advance('1s');
  assert.ok(verify(inbox.take()[0], outbound.secret));
  const refused = await visa.call('POST', `provisionedTokens/${token}/paymentData`, {
    clientPaymentDataID: 'order-3', paymentRequest: { transactionType: 'ECOM' },
  });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.errorResponse.reason, 'notAllowed');
});

test('the issuer lifts it; the requestor suspends, resumes and deletes', async () => {
  await sandbox.actAsIssuer(token, 'resume', 'NOT_FRAUD');
  const updateReason = { reasonCode: 'CUSTOMER_CONFIRMED', reasonDesc: 'interop' };
  for (const [call, status] of [['suspend', 'SUSPENDED'], ['resume', 'ACTIVE'], ['delete', 'DELETED']]) {
    const answer = await visa.call('PUT', `provisionedTokens/${token}/${call}`, { updateReason });
    assert.equal(answer.status, 200, `${call}: ${JSON.stringify(answer.body)}`);
    assert.deepEqual(answer.body, {});
    const { body } = await visa.call('GET', `provisionedTokens/${token}`);
    assert.equal(body.tokenInfo.tokenStatus, status);
  }
});

test('a wrong secret is answered as the gateway does', async () => {
  const forger = new Visa(sandbox.env.baseUrl.visa, { signing: { apiKey: visa.signing.apiKey, secret: 'x' }, encryption: visa.encryption }, visa.trid);
  const { status, body } = await forger.call('GET', `provisionedTokens/${token}`);
  assert.equal(status, 401);
  assert.equal(body.responseStatus.code, '9159');
});
