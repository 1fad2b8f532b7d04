import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedModels, intoVariants } from './asked-variants.ts';

const live = intoVariants('live');
const shadow = intoVariants('shadow');

test('variants gather in their order', () => {
  const variants = live('candidate=my model@next=1:0.1', live('baseline=my model/1:.9'));
  assert.deepEqual(variants, [
    { name: 'baseline', mode: 'live', share: 0.9, model: 'my model/1' },
    { name: 'candidate', mode: 'live', share: 0.1, model: 'my model@next=1' },
  ]);
  for (const wrong of ['candidate', 'a=b', '=b/1:0.1', 'a=b/1:', 'a=b/1:1.1', 'a=b/1:-0.1', 'a=b/1:1e-3', 'a=:0.1'])
    assert.throws(() => live(wrong), /name=model@alias:share/, wrong);
});

test('a model beside shadows is the one that answers', () => {
  assert.deepEqual(askedModels({}), {});
  assert.deepEqual(askedModels({ model: 'a/1' }), { model: 'a/1' });
  assert.deepEqual(askedModels({ model: 'a/1', shadow: shadow('next=a/2:0.5') }).variants, [
    { name: 'main', mode: 'live', share: 1, model: 'a/1' },
    { name: 'next', mode: 'shadow', share: 0.5, model: 'a/2' },
  ]);
  assert.deepEqual(
    askedModels({ variant: live('a=a/1:1'), shadow: shadow('next=a/2:0.5') }).variants?.map(({ mode }) => mode),
    ['live', 'shadow'],
  );
  assert.throws(() => askedModels({ shadow: shadow('next=a/2:0.5') }), { reason: 'no_live_variant' });
  assert.throws(() => askedModels({ model: 'a/1', variant: live('a=a/1:1') }), { reason: 'model_and_variants' });
});
