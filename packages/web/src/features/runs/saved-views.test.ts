import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readViews, withView, writeViews } from './saved-views.ts';

const storage = () => {
  const items = new Map<string, string>();
  return { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value) };
};

test('a view comes back as it was saved, in its project only', () => {
  const kept = storage();
  const view = { name: 'best', search: { q: 'metrics.f1 > 0.8', sort: '-metrics.f1' } };
  writeViews(kept, 'airline', withView(readViews(kept, 'airline'), view));
  assert.deepEqual(readViews(kept, 'airline'), [view]);
  assert.deepEqual(readViews(kept, 'other'), []);
});

test('a view of the same name takes the place of the one before', () => {
  const views = withView([{ name: 'best', search: {} }], { name: 'best', search: { q: 'x = 1' } });
  assert.deepEqual(views, [{ name: 'best', search: { q: 'x = 1' } }]);
});

test('what is no view is passed over', () => {
  for (const text of ['not json', '{}', 'null', '[null, 5, {"name": 1}, {"name": "a", "search": null}]'])
    assert.deepEqual(readViews({ getItem: () => text }, 'airline'), []);
});
