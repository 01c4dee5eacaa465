// What Mastercard's libraries can be set up to do, beyond the usual in mastercard.test.js.
//
// mastercard-client-encryption, field-level:
//   paths: element, obj           every operation; "the whole body" for the root path
//   oaepPaddingDigestAlgorithm    mastercard.test.js for the two; "digest" for every spelling, and another one
//   oaepHashingAlgorithmFieldName "OAEP, when no algorithm is named"
//   publicKeyFingerprintType,
//   publicKeyFingerprint          mastercard.test.js for all three forms; "a key that is not the network's"
//   publicKeyFingerprintFieldName "no fingerprint", "other names"
//   ivFieldName, encryptedKeyFieldName, encryptedValueFieldName
//                                 "other names"
//   …HeaderName                   "what belongs to the payload in headers"
//   dataEncoding                  hex everywhere; "base64 for hex"
//   encryptData's secretKey, iv   "a content key of", "a zero IV", "a random IV"
//   useCertificateContent         both: content in mastercard.js, files here under "keys from files"
//   privateKey, keyStore          PEM and DER; a PKCS #12 container only holds the same key
// mastercard-client-encryption, JWE, which it always writes as RSA-OAEP-256 with A256GCM, 16 bytes of IV:
//   publicKeyFingerprintType, publicKeyFingerprint, dataEncoding, paths: "the JWE scheme"
//   A128GCM, A192GCM and A128CBC-HS256, which it only reads: TestJWE_WhatIsAskedInJWEIsAnsweredInJWE has them
// its Service, which wraps a generated client: "a generated client", with mode JWE and without
// mastercard-oauth1-signer: SignatureMethod is all there is to choose; "the signature"
import assert from 'node:assert/strict';
import { constants, createDecipheriv, createHash, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import clientEncryption from 'mastercard-client-encryption';
import oauth from 'mastercard-oauth1-signer';
import { Mastercard, fingerprints } from './mastercard.js';
import { receiver, start } from './sandbox.js';

let inbox, sandbox, wallet, files, dir;

before(async () => {
  inbox = await receiver();
  sandbox = await start(`${inbox.url}/mc`);
  wallet = sandbox.env.requestors[0];
  dir = await mkdtemp(join(tmpdir(), 'pantomime-jwe-'));
  files = { certificate: join(dir, 'certificate.pem'), privateKey: join(dir, 'key.pem'), der: join(dir, 'key.der') };
  await writeFile(files.certificate, wallet.mastercard.encryption.certificate);
  await writeFile(files.privateKey, wallet.mastercard.decryption.privateKey);
  await writeFile(files.der, createPrivateKey(wallet.mastercard.decryption.privateKey).export({ type: 'pkcs1', format: 'der' }));
});

after(async () => {
  await sandbox?.stop();
  inbox?.close();
  if (dir) await rm(dir, { recursive: true });
});

const client = (variant, signature) => new Mastercard(sandbox.env.baseUrl.mastercard, wallet.mastercard, wallet.trid.mastercard, variant, signature);
const account = (number) => ({ cardAccountData: { accountNumber: number, expiryMonth: '12', expiryYear: '30' }, source: 'ACCOUNT_ON_FILE' });
const usual = { digest: 'SHA-512', fingerprint: fingerprints['SHA-256 of the certificate'] };
const card = '5204731600014644';
const data = (body, holder) => body[holder].encryptedData ?? body[holder];

// openedPKCS1 opens a token's data that PKCS #1 v1.5 wraps the key of.
function openedPKCS1(body) {
  const { encryptedKey, encryptedData, iv, oaepHashingAlgorithm } = body.tokenDetail;
  assert.equal(oaepHashingAlgorithm, undefined);
  const padded = privateDecrypt({ key: wallet.mastercard.decryption.privateKey, padding: constants.RSA_NO_PADDING }, Buffer.from(encryptedKey, 'hex'));
  assert.equal(padded.readUInt16BE(0), 2, 'the block type of PKCS #1 v1.5');
  const key = padded.subarray(padded.indexOf(0, 2) + 1);
  const cipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.from(iv, 'hex'));
  const plain = Buffer.concat([cipher.update(Buffer.from(encryptedData, 'hex')), cipher.final()]);
  return { ...body, tokenDetail: JSON.parse(plain) };
}

// approved checks an answer of tokenize and gives the token's number.
function approved({ status, body }) {
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.decision, 'APPROVED', JSON.stringify(body));
  const { tokenNumber } = data(body, 'tokenDetail');
  assert.match(tokenNumber, /^520424\d{10}$/);
  return tokenNumber;
}

function refused({ status, body }, code, text) {
  assert.equal(status, 200);
  assert.equal(body.errorCode, code, JSON.stringify(body));
  if (text) assert.equal(body.errorDescription, text);
}

describe('the JWE scheme', () => {
  for (const fingerprintType of ['certificate', 'publicKey', undefined]) {
    test(`key named by its ${fingerprintType ?? 'default'}: asked and answered in JWE`, async () => {
      const mc = client({ files, fingerprintType });
      const made = await mc.tokenize(account(card));
      approved(made);
      const { body } = made;
      assert.match(body.tokenUniqueReference, /^DWSPMC/);
      const found = await mc.search(card);
      assert.ok(found.body.tokens.some((t) => t.tokenUniqueReference === body.tokenUniqueReference), JSON.stringify(found.body));
      const art = await mc.digitalAssets(card);
      assert.equal(art.body.iconAssetId, body.productConfig.iconAssetId, JSON.stringify(art.body));
    });
  }

  test('the answer names the requestor\'s key by its SubjectPublicKeyInfo, whatever the request does', async () => {
    const spki = createPublicKey(wallet.mastercard.decryption.certificate).export({ type: 'spki', format: 'der' });
    const want = createHash('sha256').update(spki).digest('hex');
    const { fingerprints: known } = wallet.mastercard.encryption;
    for (const publicKeyFingerprint of [known.certificateSha1, known.certificateSha1.toUpperCase(), known.certificateSha256, known.publicKeySha256]) {
      const mc = client({ files, config: { publicKeyFingerprint } });
      let compact;
      mc.opened = (library, { body }, holder) => {
        compact = body[holder].encryptedData;
        return library.decrypt({ request: { url: '/x' }, body });
      };
      approved(await mc.tokenize(account(card)));
      const header = JSON.parse(Buffer.from(compact.split('.')[0], 'base64url').toString());
      assert.deepEqual(header, { kid: want, cty: 'application/json', alg: 'RSA-OAEP-256', enc: 'A256GCM' });
    }
  });

  test('the private key as DER', async () => {
    approved(await client({ files: { ...files, privateKey: files.der }, fingerprintType: 'publicKey' }).tokenize(account(card)));
  });

  test('many times over, as one in some base64url texts holds a slash', async () => {
    const mc = client({ files, fingerprintType: 'publicKey' });
    for (let i = 0; i < 20; i++) approved(await mc.tokenize(account(card)));
  });

  test('answers to what carried no ciphertext in, and notices, are field-level', async () => {
    const { body } = await client({ files, fingerprintType: 'publicKey' }).tokenize(account(card));
    const mc = client(usual);
    const paid = await mc.transact(body.tokenUniqueReference);
    assert.equal(paid.body.errorCode, 'INVALID_TOKEN_STATUS', 'activated late in this scenario');
    inbox.take();
    await sandbox.advance('5s');
    const notices = inbox.take().map((n) => mc.notice(n.body).encryptedPayload).map((p) => (p.encryptedData ?? p).tokens[0].tokenUniqueReference);
    assert.ok(notices.includes(body.tokenUniqueReference), JSON.stringify(notices));
    const cleared = await mc.transact(body.tokenUniqueReference);
    assert.match(data(cleared.body, 'encryptedPayload').de48se43Data, /GgADFA==$/);
    const told = await mc.getToken(body.tokenUniqueReference);
    assert.equal(data(told.body, 'tokenDetail').tokenNumber, data(body, 'tokenDetail').tokenNumber);
  });

  test('a key named in base64 is unknown', async () => {
    const mc = client({ files, fingerprintType: 'certificate', config: { dataEncoding: 'base64' } });
    refused(await mc.tokenize(account(card)), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
  });

  test('a key that is not the network\'s', async () => {
    const mc = client({ files, config: { publicKeyFingerprint: 'ab'.repeat(32) } });
    refused(await mc.tokenize(account(card)), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
  });
});

describe('the whole body, as other services have it', () => {
  const body = { requestId: 'r', tokenUniqueReference: 'D'.repeat(48) };
  for (const [name, variant] of Object.entries({ 'field-level': () => usual, 'in JWE': () => ({ files, fingerprintType: 'publicKey' }) })) {
    test(`${name}: these members belong to no operation`, async () => {
      const mc = client(variant());
      const { body: encrypted } = mc.library([{ element: '$', obj: '$' }], []).encrypt('/getToken', {}, { ...body });
      assert.ok(encrypted.encryptedData);
      for (const all of [encrypted, { encryptedData: encrypted.encryptedData }]) {
        const { requestId, tokenUniqueReference, ...only } = all;
        refused(await mc.call('POST', '/digitization/static/1/0/getToken', only), 'UNRECOGNIZED_FIELD');
      }
    });
  }
});

describe('a generated client', () => {
  for (const [name, variant] of Object.entries({ 'field-level': () => usual, JWE: () => ({ files, fingerprintType: 'publicKey' }) })) {
    test(`wrapped by the library's Service, ${name}`, async () => {
      const mc = client(variant());
      const { config } = mc.library([{ element: 'fundingAccountInfo.encryptedPayload.encryptedData', obj: 'fundingAccountInfo.encryptedPayload' }],
        [{ element: 'tokenDetail', obj: 'tokenDetail.encryptedData' }]);
      const sent = [];
      const instance = {
        callApi: (path, method, inPath, query, headers, form, body, ...rest) => {
          sent.push(body);
          mc.call(method, path, body).then((answer) => rest.at(-1)(null, answer.body, { request: { url: path }, body: answer.body }));
        },
      };
      new clientEncryption.Service({ ApiClient: { instance } }, config);
      const body = {
        requestId: 'r', tokenType: 'CLOUD', tokenRequestorId: wallet.trid.mastercard, taskId: `service ${name}`,
        fundingAccountInfo: { encryptedPayload: { encryptedData: account(card) } },
      };
      const data = await new Promise((resolve, reject) => {
        instance.callApi('/digitization/static/1/0/tokenize', 'POST', {}, {}, {}, {}, body, [], [], [], Object, null,
          (error, opened) => (error ? reject(error) : resolve(opened)));
      });
      assert.equal(typeof sent[0].fundingAccountInfo.encryptedPayload.encryptedData, 'string');
      approved({ status: 200, body: data });
    });
  }
});

// reseal encrypts the account again with a content key and IV of our choice,
// both by the library, and lets a variant change the holder.
const reseal = (params, change = (holder) => holder) => (body, library) => {
  const holder = library.crypto.encryptData({ data: account(card), ...params() });
  body.fundingAccountInfo.encryptedPayload = change(holder);
  return body;
};
const bytes = (n) => randomBytes(n).toString('binary');
const zeros = '\0'.repeat(16);
// altered changes the holder as the library made it.
const altered = (change) => (body) => { change(body.fundingAccountInfo.encryptedPayload); return body; };
const withoutIV = (holder) => { delete holder.iv; return holder; };

describe('the field-level scheme', () => {
  test('a content key of 256 bits', async () => {
    approved(await client(usual).tokenize(account(card), { change: reseal(() => ({ secretKey: bytes(32) })) }));
  });

  test('a content key of 192 bits is none of the two', async () => {
    refused(await client(usual).tokenize(account(card), { change: reseal(() => ({ secretKey: bytes(24) })) }), 'CRYPTOGRAPHY_ERROR');
  });

  test('a zero IV, left out', async () => {
    approved(await client(usual).tokenize(account(card), { change: reseal(() => ({ iv: zeros }), withoutIV) }));
  });

  test('a random IV, left out', async () => {
    refused(await client(usual).tokenize(account(card), { change: altered(withoutIV) }), 'CRYPTOGRAPHY_ERROR');
  });

  test('PKCS #1 v1.5, when no algorithm is named', async () => {
    const secretKey = randomBytes(16);
    const wrapped = publicEncrypt({
      key: new X509Certificate(wallet.mastercard.encryption.certificate).publicKey, padding: constants.RSA_PKCS1_PADDING,
    }, secretKey).toString('hex');
    approved(await client(usual).tokenize(account(card), {
      change: reseal(() => ({ secretKey: secretKey.toString('binary') }), (holder) => {
        delete holder.oaepHashingAlgorithm;
        return { ...holder, encryptedKey: wrapped };
      }),
      open: openedPKCS1, // since it is answered alike, and the library opens OAEP only
    }));
  });

  test('OAEP, when no algorithm is named, as the library can be set up', async () => {
    const mc = client({ ...usual, config: { oaepHashingAlgorithmFieldName: undefined } });
    refused(await mc.tokenize(account(card)), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
  });

  test('another digest than the one named', async () => {
    const change = altered((holder) => { holder.oaepHashingAlgorithm = 'SHA256'; });
    refused(await client(usual).tokenize(account(card), { change }), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
  });

  test('hex in capitals', async () => {
    approved(await client(usual).tokenize(account(card), { change: altered((holder) => {
      for (const name of ['iv', 'encryptedKey', 'encryptedData', 'publicKeyFingerprint']) holder[name] = holder[name].toUpperCase();
    }) }));
  });

  for (const [name, fingerprint] of Object.entries(fingerprints)) {
    test(`base64 for hex, key named by ${name}`, async () => {
      const mc = client({ ...usual, fingerprint, config: { dataEncoding: 'base64' } });
      refused(await mc.tokenize(account(card)), 'INVALID_FIELD_LENGTH', 'Invalid Field Length - fundingAccountInfo.encryptedPayload.iv');
      const change = altered(withoutIV); // whose length is looked at first
      refused(await mc.tokenize(account(card), { change }), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
    });
  }

  test('what belongs to the payload in headers, as other services have it', async () => {
    const mc = client({ ...usual, config: {
      ivHeaderName: 'x-iv', encryptedKeyHeaderName: 'x-key', oaepHashingAlgorithmHeaderName: 'x-digest', publicKeyFingerprintHeaderName: 'x-fingerprint',
    } });
    const answer = await mc.tokenize(account(card), { change: (body) => ({
      requestId: 'r', tokenType: 'CLOUD', tokenRequestorId: wallet.trid.mastercard, taskId: 'headers',
      fundingAccountInfo: { encryptedPayload: body['fundingAccountInfo.encryptedPayload'] },
    }) });
    refused(answer, 'MISSING_REQUIRED_FIELD', 'Missing Required Field - fundingAccountInfo.encryptedPayload.publicKeyFingerprint');
  });

  for (const digest of ['SHA-256', 'SHA256', 'sha-256', 'SHA-512', 'SHA512', 'sha-512']) {
    test(`digest ${digest}, which is announced without a dash`, async () => {
      const answer = await client({ ...usual, digest }).tokenize(account(card));
      if (digest === digest.toUpperCase()) approved(answer);
      else refused(answer, 'INVALID_FIELD_VALUE', 'Invalid Field Value - fundingAccountInfo.encryptedPayload.oaepHashingAlgorithm');
    });
  }

  test('digest SHA-1, which the library falls back to for all that it does not know', async () => {
    for (const digest of ['SHA-1', 'SHA-384']) {
      refused(await client({ ...usual, digest }).tokenize(account(card)),
        'INVALID_FIELD_VALUE', 'Invalid Field Value - fundingAccountInfo.encryptedPayload.oaepHashingAlgorithm');
    }
    const change = altered((holder) => { holder.oaepHashingAlgorithm = 'SHA512'; });
    refused(await client({ ...usual, digest: 'SHA-1' }).tokenize(account(card), { change }), 'CRYPTOGRAPHY_ERROR');
  });

  test('no fingerprint', async () => {
    const mc = client({ ...usual, fingerprint: () => ({}), config: { publicKeyFingerprintFieldName: undefined } });
    refused(await mc.tokenize(account(card)), 'MISSING_REQUIRED_FIELD', 'Missing Required Field - fundingAccountInfo.encryptedPayload.publicKeyFingerprint');
  });

  test('a key that is not the network\'s', async () => {
    const mc = client({ ...usual, fingerprint: () => ({ publicKeyFingerprint: 'ab'.repeat(32) }) });
    refused(await mc.tokenize(account(card)), 'CRYPTOGRAPHY_ERROR', 'Cryptography Error');
  });

  for (const name of ['ivFieldName', 'encryptedKeyFieldName', 'publicKeyFingerprintFieldName', 'oaepHashingAlgorithmFieldName', 'encryptedValueFieldName']) {
    test(`other names: ${name}`, async () => {
      const mc = client({ ...usual, config: { [name]: 'other' } });
      refused(await mc.tokenize(account(card)), 'UNRECOGNIZED_FIELD');
    });
  }

  test('keys from files', async () => {
    const config = { useCertificateContent: false, encryptionCertificate: files.certificate };
    approved(await client({ ...usual, config: { ...config, privateKey: files.privateKey } }).tokenize(account(card)));
    approved(await client({ ...usual, config: { ...config, privateKey: undefined, keyStore: files.der } }).tokenize(account(card)));
  });

  test('searchTokens and getDigitalAssets', async () => {
    const mc = client(usual);
    const made = await mc.tokenize(account(card));
    approved(made);
    const found = await mc.search(card);
    assert.ok(found.body.tokens.some((t) => t.tokenUniqueReference === made.body.tokenUniqueReference));
    const art = await mc.digitalAssets(card);
    assert.equal(art.body.issuerName, made.body.productConfig.issuerName);
  });
});

describe('the signature', () => {
  for (const [name, method] of Object.entries(oauth.SignatureMethod)) {
    test(`by ${name}, with a body and without`, async () => {
      const mc = client(usual, method);
      const made = await mc.tokenize(account(card));
      approved(made);
      const asset = await mc.call('GET', `/assets/static/1/0/asset/${made.body.productConfig.iconAssetId}`);
      assert.equal(asset.body.mediaContents[0].type, 'image/png');
    });
  }

  for (const query of ['?a=1', '?b=2&a=1', '?a=1&a=0', '?empty', '?empty=', '?a=%2f%3A', '?a=b%20c', '?a=caf%C3%A9']) {
    test(`over the query ${query}, which the library takes as it is`, async () => {
      const mc = client(usual);
      const { status, body } = await mc.call('GET', `/assets/static/1/0/asset/00000000-0000-4000-8000-000000000000${query}`);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.errorCode, 'INVALID_FIELD_VALUE');
    });
  }

  for (const [name, host, scheme] of [
    ['a default port that the library keeps', 'sandbox.api.mastercard.com:443', 'https'],
    ['port 80, kept as well', 'sandbox.api.mastercard.com:80', 'http'],
    ['no port', 'sandbox.api.mastercard.com', 'https'],
    ['a host in capitals', 'SANDBOX.api.Mastercard.com', 'https'],
  ]) {
    test(`over a URL with ${name}`, async () => {
      const path = '/mdes/digitization/static/1/0/getToken';
      const text = JSON.stringify({ requestId: 'r', tokenUniqueReference: 'D'.repeat(48) });
      const { consumerKey, signing } = wallet.mastercard;
      const authorization = oauth.getAuthorizationHeader(`${scheme}://${host}${path}`, 'POST', text, consumerKey, signing.privateKey);
      const { status, body } = await through(host, scheme, path, text, authorization);
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.errorCode, 'INVALID_TOKEN_UNIQUE_REFERENCE', JSON.stringify(body));
    });
  }

  test('over another URL', async () => {
    const path = '/mdes/digitization/static/1/0/getToken';
    const text = JSON.stringify({ requestId: 'r', tokenUniqueReference: 'D'.repeat(48) });
    const { consumerKey, signing } = wallet.mastercard;
    const authorization = oauth.getAuthorizationHeader(`https://api.mastercard.com${path}`, 'POST', text, consumerKey, signing.privateKey);
    const { status, body } = await through('sandbox.api.mastercard.com', 'https', path, text, authorization);
    assert.equal(status, 401);
    assert.match(body.Errors.Error[0].Description, /^OAuth signatures did not match\. Acceptable signature base string: POST&https%3A%2F%2Fsandbox\.api\.mastercard\.com/);
  });
});

// through posts as a proxy in front of the sandbox does: with the client's Host.
function through(host, scheme, path, text, authorization) {
  const { hostname, port } = new URL(sandbox.env.baseUrl.mastercard);
  return new Promise((resolve, reject) => {
    const req = request({
      hostname, port, path, method: 'POST',
      headers: { host, 'x-forwarded-proto': scheme, authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
    }, async (res) => {
      const chunks = [];
      for await (const c of res) chunks.push(c);
      resolve({ status: res.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) });
    });
    req.on('error', reject);
    req.end(text);
  });
}
