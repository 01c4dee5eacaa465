import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import oauth from 'mastercard-oauth1-signer';
import { Mastercard, fingerprints } from './mastercard.js';
import { receiver, start } from './sandbox.js';

let inbox, sandbox, wallet, files, dir;

before(async () => {
  inbox = await receiver();
  sandbox = await start(`${inbox.url}/mc`);
  wallet = sandbox.env.requestors[0];
  dir = await mkdtemp(join(tmpdir(), 'pantomime-jwe-'));
  files = { certificate: join(dir, 'certificate.pem'), privateKey: join(dir, 'key.pem') };
  await writeFile(files.certificate, wallet.mastercard.encryption.certificate);
  await writeFile(files.privateKey, wallet.mastercard.decryption.privateKey);
});

after(async () => {
  await sandbox?.stop();
  inbox?.close();
  if (dir) await rm(dir, { recursive: true });
});

const client = (variant, signature) => new Mastercard(sandbox.env.baseUrl.mastercard, wallet.mastercard, wallet.trid.mastercard, variant, signature);
const account = (number) => ({ cardAccountData: { accountNumber: number, expiryMonth: '12', expiryYear: '30' }, source: 'ACCOUNT_ON_FILE' });

for (const [fingerprintType, number] of [['certificate', '5204731600014644'], ['publicKey', '5204731600012812']]) {
  test(`the JWE scheme, key named by its ${fingerprintType}: asked and answered in JWE`, async () => {
    const mc = client({ files, fingerprintType });
    const { status, body } = await mc.tokenize(account(number));
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.decision, 'APPROVED', JSON.stringify(body));
    const detail = body.tokenDetail.encryptedData ?? body.tokenDetail;
    assert.match(detail.tokenNumber, /^520424\d{10}$/);
  });
}

test('a signature by RSA-PSS, which the signer library offers too', async () => {
  const mc = client({ digest: 'SHA-512', fingerprint: fingerprints['SHA-256 of the certificate'] }, oauth.SignatureMethod.RSA_PSS_SHA256);
  const { status, body } = await mc.tokenize(account('5204731600013737'));
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.decision, 'APPROVED', JSON.stringify(body));
});
