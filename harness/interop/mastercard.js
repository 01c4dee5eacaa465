// An MDES client on Mastercard's own libraries.
import { randomUUID } from 'node:crypto';
import oauth from 'mastercard-oauth1-signer';
import clientEncryption from 'mastercard-client-encryption';

const { FieldLevelEncryption, JweEncryption } = clientEncryption;

// fieldLevel configures the library for one call as Mastercard documents it;
// config overrides single settings.
function fieldLevel(keys, { digest, fingerprint, config }, toEncrypt, toDecrypt) {
  return new FieldLevelEncryption({
    paths: [{ path: '/.*', toEncrypt, toDecrypt }],
    ivFieldName: 'iv', encryptedKeyFieldName: 'encryptedKey', encryptedValueFieldName: 'encryptedData',
    oaepHashingAlgorithmFieldName: 'oaepHashingAlgorithm', publicKeyFingerprintFieldName: 'publicKeyFingerprint',
    ...fingerprint(keys.encryption), dataEncoding: 'hex', oaepPaddingDigestAlgorithm: digest, useCertificateContent: true,
    encryptionCertificate: keys.encryption.certificate, privateKey: keys.decryption.privateKey, ...config,
  });
}

// jwe configures the library's other scheme, which takes its keys from files.
function jwe({ files, fingerprintType, config }, toEncrypt, toDecrypt) {
  return new JweEncryption({
    mode: 'JWE', dataEncoding: 'hex', paths: [{ path: '/.*', toEncrypt, toDecrypt }], encryptedValueFieldName: 'encryptedData',
    publicKeyFingerprintType: fingerprintType, encryptionCertificate: files.certificate, privateKey: files.privateKey, ...config,
  });
}

// The three forms in which a requestor may name the key it used.
export const fingerprints = {
  'SHA-1 of the certificate': (key) => ({ publicKeyFingerprint: key.fingerprints.certificateSha1.toUpperCase() }),
  'SHA-256 of the certificate': () => ({ publicKeyFingerprintType: 'certificate' }),
  'SHA-256 of the public key': () => ({ publicKeyFingerprintType: 'publicKey' }),
};

export class Mastercard {
  // variant is { digest, fingerprint, config } for the field-level scheme, or
  // { files, fingerprintType, config } for JWE; signature is a method of the
  // signer library.
  constructor(base, keys, trid, variant, signature) {
    Object.assign(this, { base, keys, trid, variant, signature });
  }

  library(toEncrypt, toDecrypt) {
    return this.variant.files
      ? jwe(this.variant, toEncrypt, toDecrypt)
      : fieldLevel(this.keys, this.variant, toEncrypt, toDecrypt);
  }

  async call(method, path, body) {
    const url = `${this.base}${path}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const authorization = oauth.getAuthorizationHeader(url, method, text, this.keys.consumerKey, this.keys.signing.privateKey,
      ...(this.signature ? [this.signature] : []));
    const res = await fetch(url, {
      method, body: text, headers: { authorization, accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
    });
    return { status: res.status, correlation: res.headers.get('correlation-id'), body: JSON.parse(await res.text()), url };
  }

  // tokenize asks for a token; change may alter the body once it is encrypted, open reads
  // an answer that the library cannot.
  async tokenize(account, { env = 'static', change = (body) => body, open } = {}) {
    const library = this.library(
      [{ element: 'fundingAccountInfo.encryptedPayload.encryptedData', obj: 'fundingAccountInfo.encryptedPayload' }],
      [{ element: 'tokenDetail', obj: 'tokenDetail.encryptedData' }]);
    const encrypted = library.encrypt('/tokenize', {}, {
      responseHost: 'callback.shop.example', requestId: randomUUID(), tokenType: 'CLOUD', tokenRequestorId: this.trid,
      taskId: randomUUID(), consumerLanguage: 'en', fundingAccountInfo: { encryptedPayload: { encryptedData: account } },
    });
    const body = change(encrypted.body, library);
    const answer = await this.call('POST', `/digitization/${env}/1/0/tokenize`, body);
    return { ...answer, body: open ? open(answer.body) : this.opened(library, answer, 'tokenDetail') };
  }

  // search looks for the tokens of a card; digitalAssets asks for its product.
  search(number) {
    const library = this.library([{ element: 'fundingAccountInfo.encryptedPayload.encryptedData', obj: 'fundingAccountInfo.encryptedPayload' }], []);
    const { body } = library.encrypt('/searchTokens', {}, {
      requestId: randomUUID(), tokenRequestorId: this.trid,
      fundingAccountInfo: { encryptedPayload: { encryptedData: { cardAccountData: { accountNumber: number } } } },
    });
    return this.call('POST', '/digitization/static/1/0/searchTokens', body);
  }

  digitalAssets(number) {
    const library = this.library([{ element: 'encryptedPayload.encryptedData', obj: 'encryptedPayload' }], []);
    const { body } = library.encrypt('/getDigitalAssets', {}, {
      responseHost: 'callback.shop.example', requestId: randomUUID(), encryptedPayload: { encryptedData: { accountNumber: number } },
    });
    return this.call('POST', '/digitization/static/1/0/getDigitalAssets', body);
  }

  async getToken(ref) {
    const library = this.library([], [{ element: 'tokenDetail', obj: 'tokenDetail.encryptedData' }]);
    const answer = await this.call('POST', '/digitization/static/1/0/getToken', {
      requestId: randomUUID(), tokenUniqueReference: ref, includeTokenDetail: 'true',
    });
    return { ...answer, body: this.opened(library, answer, 'tokenDetail') };
  }

  async transact(ref) {
    const library = this.library([],
      [{ element: 'encryptedPayload', obj: 'encryptedPayload.encryptedData' }]);
    const answer = await this.call('POST', '/remotetransaction/static/1/0/transact', {
      requestId: randomUUID(), tokenUniqueReference: ref, dsrpType: 'UCAF', unpredictableNumber: '23424563',
    });
    return { ...answer, body: this.opened(library, answer, 'encryptedPayload') };
  }

  opened(library, answer, holder) {
    if (!answer.body[holder]?.encryptedData) return answer.body;
    return library.decrypt({ request: { url: '/x' }, body: answer.body });
  }

  move(verb, ref, reasonCode) {
    return this.call('POST', `/digitization/static/1/0/${verb}`, {
      requestId: randomUUID(), tokenUniqueReferences: [ref], causedBy: 'TOKEN_REQUESTOR', reasonCode,
    });
  }

  // notice opens the encrypted payload of a notifyTokenUpdated.
  notice(body) {
    const library = this.library([],
      [{ element: 'encryptedPayload', obj: 'encryptedPayload.encryptedData' }]);
    return library.decrypt({ request: { url: '/x' }, body: JSON.parse(body) });
  }
}

