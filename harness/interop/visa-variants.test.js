// What jose can make of an encrypted field, beyond the usual in visa.test.js.
//
//   CompactEncrypt          here, everywhere
//   FlattenedEncrypt,
//   GeneralEncrypt          "other serializations"
//   alg, enc                "every algorithm", which takes each pair that jose has
//   setProtectedHeader      "headers": typ, channelSecurityContext, iat, members of other kinds, crit;
//                           zip in "a compressed clear text"
//   setUnprotectedHeader,
//   setAdditionalData…      go with the other serializations only
//   setKeyManagementParameters, setInitializationVector, setContentEncryptionKey
//                           "chosen numbers"
//   CompactSign             "a signature inside": what JWS projects would nest is not public
//   compactDecrypt          opens every answer here
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { CompactEncrypt, CompactSign, FlattenedEncrypt, GeneralEncrypt } from 'jose';
import { receiver, start } from './sandbox.js';
import { Visa } from './visa.js';

const card = { accountNumber: '4622943120000600', expirationDate: { month: '12', year: '2029' } };
const field = 'encPaymentInstrument';
let inbox, sandbox, strict;

before(async () => {
  inbox = await receiver();
  sandbox = await start(`${inbox.url}/visa`, 'variants.yaml');
  strict = await start(`${inbox.url}/visa`, 'variants-strict.yaml');
});

after(async () => {
  await sandbox?.stop();
  await strict?.stop();
  inbox?.close();
});

// client is a requestor by its name, with its RSA keys if it has any.
function client(name, from = sandbox) {
  const { visa, trid } = from.env.requestors.find((r) => r.requestor === name);
  const made = new Visa(from.env.baseUrl.visa, visa, trid.visa);
  if (visa.rsa) {
    made.network = new X509Certificate(visa.rsa.network.certificate).publicKey;
    made.own = createPrivateKey(visa.rsa.requestor.privateKey);
    made.rsa = visa.rsa;
  }
  made.further = visa.further;
  return made;
}

const rsaHeader = (visa) => ({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: visa.rsa.networkKeyId });

// opened checks that a provisioning succeeded, and opens its answer with jose.
async function opened(visa, { status, body }, key) {
  assert.equal(status, 201, JSON.stringify(body));
  const { header, value } = await visa.open(body.tokenInfo.encTokenInfo, key);
  assert.match(value.token, /^489537\d{10}$/);
  assert.equal(value.token.slice(-4), body.tokenInfo.last4);
  return { header, token: body.vProvisionedTokenID };
}

function refused({ status, body }, at = field) {
  assert.equal(status, 400, JSON.stringify(body));
  assert.equal(body.errorResponse.reason, 'invalidParameter');
  assert.deepEqual(body.errorResponse.details, [{ location: at }]);
}

async function paid(visa, token, key) {
  const { status, body } = await visa.call('POST', `provisionedTokens/${token}/paymentData`, {
    clientPaymentDataID: 'order', paymentRequest: { transactionType: 'ECOM' },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return visa.open(body.tokenInfo.encTokenInfo, key);
}

describe('keys', () => {
  test('one pair signs and encrypts', async () => {
    const visa = client('one');
    assert.deepEqual(visa.signing, visa.encryption);
    const { header, token } = await opened(visa, await visa.provision(card));
    assert.equal(header.kid, visa.signing.apiKey);
    assert.equal((await paid(visa, token)).header.kid, visa.signing.apiKey);
  });

  test('RSA both ways', async () => {
    const visa = client('sealed');
    const instrument = await visa.seal(card, rsaHeader(visa), visa.network);
    const { header, token } = await opened(visa, await visa.provision(card, { [field]: instrument }), visa.own);
    assert.deepEqual(Object.keys(header).sort(), ['alg', 'enc', 'iat', 'kid', 'typ']);
    assert.deepEqual([header.alg, header.enc, header.kid], ['RSA-OAEP-256', 'A256GCM', visa.rsa.requestorKeyId]);
    assert.equal(typeof header.iat, 'string');
    assert.equal((await paid(visa, token, visa.own)).header.kid, visa.rsa.requestorKeyId);
  });

  test('RSA with every member of the header', async () => {
    const visa = client('sealed');
    const header = { ...visa.header(), ...rsaHeader(visa), channelSecurityContext: 'RSA_PKI' };
    await opened(visa, await visa.provision(card, { [field]: await visa.seal(card, header, visa.network) }), visa.own);
  });

  test('a requestor with RSA keys that goes on with its secret is answered under that', async () => {
    const visa = client('sealed');
    const { header } = await opened(visa, await visa.provision(card));
    assert.equal(header.kid, visa.encryption.apiKey);
  });

  test('the signing pair for fields is answered under that', async () => {
    const visa = client('wallet');
    visa.encryption = visa.signing;
    const { header } = await opened(visa, await visa.provision(card));
    assert.equal(header.kid, visa.signing.apiKey);
  });

  test('a rollover: the old pairs, then the new one', async () => {
    const visa = client('rolling');
    const before = await opened(visa, await visa.provision(card));
    visa.signing = visa.encryption = visa.further[0];
    const now = await opened(visa, await visa.provision(card));
    assert.equal(now.token, before.token);
    assert.equal(now.header.kid, visa.further[0].apiKey);
    assert.equal((await paid(visa, now.token)).header.kid, visa.further[0].apiKey);
  });

  test('strictly each key is held to its use', async () => {
    const wallet = client('wallet', strict), sealed = client('sealed', strict);
    await opened(wallet, await wallet.provision(card));
    wallet.encryption = wallet.signing;
    refused(await wallet.provision(card));
    refused(await sealed.provision(card));
    await opened(sealed, await sealed.provision(card, { [field]: await sealed.seal(card, rsaHeader(sealed), sealed.network) }), sealed.own);
    sealed.signing = sealed.encryption;
    const { status, body } = await sealed.call('GET', 'provisionedTokens/x');
    assert.deepEqual([status, body.responseStatus.code], [401, '9201']);
  });
});

describe('headers', () => {
  const now = () => Math.floor(Date.now() / 1000);
  for (const [name, change] of Object.entries({
    'without typ': ({ typ, ...rest }) => rest,
    'without channelSecurityContext': ({ channelSecurityContext, ...rest }) => rest,
    'without iat': ({ iat, ...rest }) => rest,
    'with nothing but alg, enc and kid': ({ alg, enc, kid }) => ({ alg, enc, kid }),
    'with iat as a number': (header) => ({ ...header, iat: now() }),
    'with iat as a string': (header) => ({ ...header, iat: String(now()) }),
    'with another typ': (header) => ({ ...header, typ: 'JWE' }),
    'with unknown members': (header) => ({
      ...header, cty: 'application/json', x: 1, y: { z: [null, true] }, jku: 'https://keys.shop.example/', 'x5t#S256': 'AAAA', exp: now() - 1,
    }),
    'in another order': (header) => Object.fromEntries(Object.entries(header).reverse()),
  })) {
    test(`${name}: opened, under a secret and under RSA`, async () => {
      const visa = client('wallet'), sealed = client('sealed');
      const { header } = await opened(visa, await visa.provision(card, { [field]: await visa.seal(card, change(visa.header())) }));
      assert.equal(Object.keys(header).length, 8, 'the answer has all eight members all the same');
      const jwe = await sealed.seal(card, { ...change(sealed.header()), ...rsaHeader(sealed) }, sealed.network);
      await opened(sealed, await sealed.provision(card, { [field]: jwe }), sealed.own);
    });
  }

  test('without kid, with an unknown one, or another key\'s', async () => {
    const visa = client('wallet');
    const { kid, ...without } = visa.header();
    for (const header of [without, { ...without, kid: 'nobody' }, { ...without, kid: visa.signing.apiKey }]) {
      refused(await visa.provision(card, { [field]: await visa.seal(card, header) }));
    }
  });

  test('with a critical extension', async () => {
    const visa = client('wallet');
    const jwe = await new CompactEncrypt(Buffer.from(JSON.stringify(card)))
      .setProtectedHeader({ ...visa.header(), crit: ['urn:x'], 'urn:x': 1 }).encrypt(visa.kek(), { crit: { 'urn:x': true } });
    refused(await visa.provision(card, { [field]: jwe }));
  });
});

// A platform without raw deflate cannot make these; jose says so itself.
const deflates = (() => { try { return Boolean(new CompressionStream('deflate-raw')); } catch { return false; } })();
test('a compressed clear text is not taken', { skip: !deflates }, async () => {
  const visa = client('wallet');
  refused(await visa.provision(card, { [field]: await visa.seal(card, { ...visa.header(), zip: 'DEF' }) }));
});

const encs = ['A256GCM', 'A128GCM', 'A192GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];

describe('every algorithm that jose has', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const size = { A128GCM: 16, A192GCM: 24, A256GCM: 32, 'A128CBC-HS256': 32, 'A192CBC-HS384': 48, 'A256CBC-HS512': 64 };
  const keys = {
    A256GCMKW: (visa) => visa.kek(), A256KW: (visa) => visa.kek(),
    A128GCMKW: (visa) => visa.kek().subarray(0, 16), A128KW: (visa) => visa.kek().subarray(0, 16),
    A192GCMKW: (visa) => visa.kek().subarray(0, 24), A192KW: (visa) => visa.kek().subarray(0, 24),
    dir: (visa, enc) => Buffer.concat([visa.kek(), visa.kek()]).subarray(0, size[enc]),
    'PBES2-HS256+A128KW': (visa) => Buffer.from(visa.encryption.secret),
    'PBES2-HS384+A192KW': (visa) => Buffer.from(visa.encryption.secret),
    'PBES2-HS512+A256KW': (visa) => Buffer.from(visa.encryption.secret),
    'ECDH-ES': () => ec, 'ECDH-ES+A128KW': () => ec, 'ECDH-ES+A192KW': () => ec, 'ECDH-ES+A256KW': () => ec,
    'RSA-OAEP-256': (visa) => visa.network, 'RSA-OAEP': (visa) => visa.network,
    'RSA-OAEP-384': (visa) => visa.network, 'RSA-OAEP-512': (visa) => visa.network,
  };
  for (const [alg, key] of Object.entries(keys)) {
    test(`${alg}: with A256GCM if it is one of the two, else not at all`, async () => {
      const visa = client('sealed');
      for (const enc of encs) {
        const kid = alg.startsWith('RSA') ? visa.rsa.networkKeyId : visa.encryption.apiKey;
        const jwe = await visa.seal(card, { ...visa.header(), alg, enc, kid }, key(visa, enc));
        const answer = await visa.provision(card, { [field]: jwe });
        if (enc !== 'A256GCM' || !['A256GCMKW', 'RSA-OAEP-256'].includes(alg)) {
          refused(answer);
          continue;
        }
        await opened(visa, answer, alg === 'A256GCMKW' ? undefined : visa.own);
      }
    });
  }

  test('a key of the other kind under a kid', async () => {
    const visa = client('sealed');
    refused(await visa.provision(card, { [field]: await visa.seal(card, { ...visa.header(), kid: visa.rsa.networkKeyId }) }));
    refused(await visa.provision(card, { [field]: await visa.seal(card, { ...rsaHeader(visa), kid: visa.encryption.apiKey }, visa.network) }));
  });
});

describe('forms', () => {
  const text = Buffer.from(JSON.stringify(card));

  test('chosen numbers: content key, content iv and key-wrap iv', async () => {
    const visa = client('wallet');
    const jwe = await new CompactEncrypt(text).setProtectedHeader(visa.header())
      .setContentEncryptionKey(randomBytes(32)).setInitializationVector(randomBytes(12)).setKeyManagementParameters({ iv: randomBytes(12) })
      .encrypt(visa.kek());
    await opened(visa, await visa.provision(card, { [field]: jwe }));
  });

  test('other serializations are not compact', async () => {
    const visa = client('wallet');
    const flat = await new FlattenedEncrypt(text).setProtectedHeader(visa.header()).encrypt(visa.kek());
    const general = await new GeneralEncrypt(text).setProtectedHeader(visa.header()).addRecipient(visa.kek()).encrypt();
    const aad = await new FlattenedEncrypt(text).setProtectedHeader(visa.header()).setAdditionalAuthenticatedData(Buffer.from('x')).encrypt(visa.kek());
    for (const jwe of [flat, general, aad]) {
      refused(await visa.provision(card, { [field]: jwe }));
      refused(await visa.provision(card, { [field]: JSON.stringify(jwe) }));
    }
  });

  test('a signature inside', async () => {
    const visa = client('wallet');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jws = await new CompactSign(text).setProtectedHeader({ alg: 'PS256' }).sign(privateKey);
    const jwe = await new CompactEncrypt(Buffer.from(jws)).setProtectedHeader({ ...visa.header(), cty: 'JWT' }).encrypt(visa.kek());
    refused(await visa.provision(card, { [field]: jwe }));
  });

  const risk = [{ name: 'paymentInstrument.expirationDate.month', value: '12' }, { name: 'paymentInstrument.expirationDate.year', value: '2029' }];
  for (const [name, value] of Object.entries({ 'a bare array': risk, 'an array wrapped as data': { data: risk }, 'an empty array': [] })) {
    test(`risk data as ${name}, under a secret and under RSA`, async () => {
      const visa = client('wallet'), sealed = client('sealed');
      await opened(visa, await visa.provision(card, { encRiskDataInfo: await visa.seal(value) }));
      await opened(sealed, await sealed.provision(card, {
        [field]: await sealed.seal(card, rsaHeader(sealed), sealed.network),
        encRiskDataInfo: await sealed.seal(value, rsaHeader(sealed), sealed.network),
      }), sealed.own);
    });
  }

  test('risk data with a JWE within the JWE', async () => {
    const visa = client('wallet');
    await opened(visa, await visa.provision(card, { encRiskDataInfo: await visa.seal([...risk, { name: 'encCvv2', value: await visa.seal('123') }]) }));
  });

  test('risk data under the signing pair, the card under the other one', async () => {
    const visa = client('wallet');
    const other = new Visa(sandbox.env.baseUrl.visa, { signing: visa.signing, encryption: visa.signing }, visa.trid);
    const { header } = await opened(visa, await visa.provision(card, { encRiskDataInfo: await other.seal(risk) }));
    assert.equal(header.kid, visa.encryption.apiKey, 'the card\'s field decides');
  });

  test('risk data that is no list', async () => {
    const visa = client('wallet');
    for (const value of ['x', 1, [risk]]) refused(await visa.provision(card, { encRiskDataInfo: await visa.seal(value) }), 'encRiskDataInfo');
  });
});
