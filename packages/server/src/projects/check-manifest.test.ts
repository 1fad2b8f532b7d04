import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeclaredDataset, Manifest } from '@boucle/contract';
import { aManifest } from '../testing/a-manifest.ts';
import { checkManifest } from './check-manifest.ts';

const refused = (manifest: Manifest, reason: string, message: RegExp): void =>
  assert.throws(() => checkManifest(manifest), { code: 'invalid_request', reason, message }, reason);
const withDataset = (more: Partial<DeclaredDataset>): Manifest => {
  const base = aManifest();
  return { ...base, datasets: [{ ...base.datasets[0]!, ...more }] };
};
const aColumn = (name: string, type: object): DeclaredDataset['columns'][number] => ({ name, type: type as { type: 'text' } });

test('names are there once', () => {
  const { datasets, pipelines, endpoints } = aManifest();
  refused(aManifest({ datasets: [...datasets, ...datasets] }), 'dataset_doubled', /tweets/);
  refused(aManifest({ pipelines: [...pipelines, ...pipelines] }), 'pipeline_doubled', /training/);
  refused(aManifest({ endpoints: [...endpoints, ...endpoints] }), 'endpoint_doubled', /sentiment/);
});

test('the input of a pipeline is a dataset that the project declares', () => {
  refused(aManifest({ datasets: [] }), 'unknown_dataset', /"training": its input "tweets"/);
});

test('an endpoint names a model by alias or number', () => {
  const [endpoint] = aManifest().endpoints;
  checkManifest(aManifest({ endpoints: [{ ...endpoint!, model: 'sentiment/3' }] }));
  refused(aManifest({ endpoints: [{ ...endpoint!, model: 'sentiment' }] }), 'bad_model_reference', /model@alias/);
});

test('columns are there once, with a whole type', () => {
  const text = { type: 'text' };
  refused(withDataset({ columns: [aColumn('id', text), aColumn('id', text)] }), 'column_doubled', /"id"/);
  refused(withDataset({ columns: [aColumn('_row', text)] }), 'reserved_column', /_row/);
  for (const type of [
    { type: 'wide' },
    { type: 'list' },
    { type: 'struct', fields: [] },
    { type: 'decimal', scale: 99 },
    { type: 'list', item: { type: 'x' } },
  ]) {
    refused(withDataset({ columns: [aColumn('id', text), aColumn('text', type)] }), 'unknown_type', /"text"/);
  }
  const nested = { type: 'list', item: { type: 'struct', fields: [{ name: 'a', type: { type: 'decimal', scale: 2 } }] } };
  checkManifest(withDataset({ columns: [aColumn('id', text), aColumn('text', nested)] }));
});

test('keys and expectations speak of declared columns, unless others are kept', () => {
  refused(withDataset({ key: ['other'] }), 'unknown_column', /"other"/);
  refused(withDataset({ personal: ['other'] }), 'unknown_column', /"other"/);
  refused(withDataset({ expect: [{ type: 'x', columns: ['other'], args: {} }] }), 'unknown_column', /"other"/);
  checkManifest(withDataset({ key: ['other'], others: 'keep' }));
});
