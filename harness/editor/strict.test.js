// The schema as a validator takes it that refuses whatever looks like a slip of the pen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';

const schema = JSON.parse(readFileSync(process.env.SCHEMA, 'utf8'));

// [H2]
test('compiles under ajv with strict: true, without a warning', () => {
  const said = [];
  const say = (...words) => said.push(words.join(' '));
  const validate = new Ajv({ strict: true, allErrors: true, logger: { log: say, warn: say, error: say } }).compile(schema);
  assert.deepEqual(said, []);
  assert.equal(validate({ version: 1, cards: { alice: { network: 'visa' } } }), true, JSON.stringify(validate.errors));
  assert.equal(validate({ version: 1, cards: { alice: { expiry: '12/29' } } }), false, 'a card without network and number');
});
