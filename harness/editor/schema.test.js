// What an editor offers and marks while somebody writes a scenario.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { modeline, start } from './server.js';

const library = new URL('../../scenarios/library/', import.meta.url);

let server;
before(async () => {
  assert.ok(process.env.SCHEMA, 'SCHEMA must name the schema to check');
  server = await start(process.env.SCHEMA);
});
after(() => server?.stop());

const file = (text) => `${modeline}version: 1\n${text}`;
const messages = async (text) => (await server.open(file(text))).diagnostics.map((d) => `${d.range.start.line + 1}: ${d.message}`);

// offers checks that the editor offers at least these words at the mark |.
async function offers(text, ...words) {
  const labels = await server.complete(file(text));
  for (const word of words) assert.ok(labels.includes(word), `${word} is missing: ${labels.join(', ')}`);
  return labels;
}

describe('completion', () => {
  it('offers every section that is not there yet', async () => {
    const labels = await offers('name: x\n|', 'cards', 'rules', 'timeline', 'networks', 'profile', 'play', 'expect');
    assert.ok(!labels.includes('version') && !labels.includes('name'), labels.join(', '));
  });
  it('offers the keys of a card', () => offers('cards:\n  alice:\n    |', 'network', 'pan', 'expiry', 'issuer', 'activation'));
  it('offers the networks', () => offers('cards:\n  alice:\n    network: |', 'visa', 'mastercard'));
  it('offers listed cards', () => offers('cards:\n  alice:\n    pan: |', 'test/visa/1', 'test/mastercard/1'));
  it('offers the operations', () => offers('rules:\n  - when:\n      operation: |', 'provision', 'tokenize', 'getPaymentData', 'validateOTP'));
  it('offers what a request can meet', () => offers('rules:\n  - then:\n      |', 'error', 'fault', 'respond', 'body', 'metadata', 'notify'));
  it('offers the documented errors', () => offers('rules:\n  - then:\n      error: |', 'declined', 'PAN_INELIGIBLE', 'limit_exceeded'));
  it('offers the faults', () => offers('rules:\n  - then:\n      fault: |', 'drop-response', 'reset', 'html'));
  it('offers the ways to compare', () => offers('rules:\n  - when:\n      body:\n        a:\n          |', 'equals', 'matches', 'present', 'absent'));
  it('offers the events', () => offers('timeline:\n  - on: |', 'token.provisioned', 'token.suspended', 'pan.replaced'));
  it('offers the personas', () => offers('issuers:\n  bank:\n    persona: |', 'fraud-watch', 'cautious', 'silent'));
  it('offers the switches of a network', () => offers('networks:\n  mastercard:\n    |', 'error-status', 'oauth-forms', 'repeat'));
  it('offers the variants of notices', () => offers('timeline:\n  - notify:\n      |', 'duplicate', 'before-response', 'huge-batch'));
  it('offers the steps of a play', () => offers('play:\n  - |', 'call', 'act', 'advance'));
});

describe('hover', () => {
  it('explains a key', async () => {
    const text = await server.hover(file('rules:\n  - then: { retry-af|ter: 3s, error: declined }\n'));
    assert.match(text, /the header of that name/);
  });
});

describe('diagnostics', () => {
  it('finds nothing wrong with the scenarios of the library', async () => {
    const names = (await readdir(library)).filter((name) => name.endsWith('.yaml'));
    assert.ok(names.length >= 31);
    for (const name of names) {
      const { diagnostics } = await server.open(modeline + (await readFile(new URL(name, library), 'utf8')));
      assert.deepEqual(diagnostics, [], name);
    }
  });
  it('marks an unknown section', async () => {
    assert.deepEqual(await messages('ruls: []\n'), ['3: Property ruls is not allowed.']);
  });
  it('marks an unknown key where it is', async () => {
    assert.deepEqual(await messages('cards:\n  alice:\n    network: visa\n    expires: "12/29"\n'), ['6: Property expires is not allowed.']);
  });
  it('marks a word that is not accepted', async () => {
    const [message] = await messages('clock: { mode: manuel }\n');
    assert.match(message, /^3: .*system.*manual/s);
  });
  it('marks a card number without quotes', async () => {
    assert.notDeepEqual(await messages('cards: { alice: { pan: 4622943120000600 } }\n'), []);
  });
  it('marks a duration without a unit', async () => {
    assert.notDeepEqual(await messages('timeline: [ { on: token.provisioned, do: suspend, after: 36 } ]\n'), []);
  });
  it('marks a rule that says nothing', async () => {
    assert.deepEqual(await messages('rules:\n  - name: x\n'), ['4: Missing property "then".']);
  });
});
