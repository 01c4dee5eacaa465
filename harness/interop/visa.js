// A Visa Token Service client of 60 lines on node:crypto and jose.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

export class Visa {
  constructor(base, keys, trid) {
    Object.assign(this, { base: new URL(`${base}/`), signing: keys.signing, encryption: keys.encryption, trid });
  }

  kek() {
    return createHash('sha256').update(this.encryption.secret).digest();
  }

  // header is what a careful client sends: all that answers carry too.
  header() {
    return {
      alg: 'A256GCMKW', enc: 'A256GCM', kid: this.encryption.apiKey, typ: 'JOSE',
      channelSecurityContext: 'SHARED_SECRET', iat: String(Math.floor(Date.now() / 1000)),
    };
  }

  // seal makes a compact JWE of a value; header and key may be others than usual.
  seal(value, header = this.header(), key = this.kek()) {
    return new CompactEncrypt(Buffer.from(JSON.stringify(value))).setProtectedHeader(header).encrypt(key);
  }

  async open(jwe, key = this.kek()) {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key);
    return { header: protectedHeader, value: JSON.parse(Buffer.from(plaintext).toString()) };
  }

  async call(method, path, body) {
    const resource = `${this.base.pathname.slice(1)}vts/${path}`;
    const query = `apiKey=${this.signing.apiKey}`;
    const text = body === undefined ? '' : JSON.stringify(body);
    const at = Math.floor(Date.now() / 1000);
    const hash = createHmac('sha256', this.signing.secret).update(`${at}${resource}${query}${text}`).digest('hex');
    const res = await fetch(`${this.base.origin}/${resource}?${query}`, {
      method,
      body: text || undefined,
      headers: { 'content-type': 'application/json', 'x-request-id': randomUUID(), 'x-pay-token': `xv2:${at}:${hash}` },
    });
    return { status: res.status, correlation: res.headers.get('x-correlation-id'), body: JSON.parse(await res.text()) };
  }

  // provision sends just what Visa's published client sends, and what more holds.
  async provision(card, more = {}) {
    return this.call('POST', 'provisionedTokens', {
      locale: 'en_US', panSource: 'MANUALLYENTERED', presentationType: ['ECOM'], consumerEntryMode: 'KEYENTERED',
      protectionType: 'CLOUD', clientAppID: 'interop', clientWalletAccountID: this.trid,
      clientWalletAccountEmailAddress: 'alex@shop.example',
      clientWalletAccountEmailAddressHash: createHash('sha256').update('alex@shop.example').digest('base64url'),
      encPaymentInstrument: more.encPaymentInstrument ?? await this.seal(card), ...more,
    });
  }
}

// verify judges the x-pay-token of a notice, signed with the outbound secret.
export function verify(notice, secret) {
  const [version, at, hash] = (notice.headers['x-pay-token'] ?? '').split(':');
  const [path, query] = notice.url.slice(1).split('?');
  const want = createHmac('sha256', secret).update(`${at}${path}${query}${notice.body}`).digest('hex');
  return version === 'xv2' && hash === want && Math.abs(Date.now() / 1000 - Number(at)) < 480;
}
