import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collector } from '../testing/run-cli.ts';
import { createLiveBlock } from './live-block.ts';
import { barLine, createProgressBar } from './progress-bar.ts';

test('a block is drawn over itself', () => {
  const terminal = collector({ isTTY: true, columns: 40 });
  const block = createLiveBlock(terminal);
  block.draw(['one', 'two']);
  block.draw(['three']);
  block.clear();
  assert.equal(terminal.text(), 'one\ntwo\n\x1b[2A\x1b[Jthree\n\x1b[1A\x1b[J');
});

test('a line that would wrap is cut, its colours not counted', () => {
  const terminal = collector({ isTTY: true, columns: 11 });
  createLiveBlock(terminal).draw(['\x1b[31mexactly10!\x1b[39m', 'eleven long']);
  assert.equal(terminal.text(), '\x1b[31mexactly10!\x1b[39m\neleven lo…\n');
});

test('a terminal that does not know its width is taken for 80 columns', () => {
  const terminal = collector({ isTTY: true, columns: 0 });
  createLiveBlock(terminal).draw(['x'.repeat(79)]);
  assert.equal(terminal.text(), `${'x'.repeat(79)}\n`);
});

test('what is no terminal sees neither blocks nor bars', () => {
  const file = collector();
  createLiveBlock(file).draw(['one']);
  const bar = createProgressBar(file, 'Sending', 10);
  bar.add(5);
  bar.end();
  assert.equal(file.text(), '');
});

test('a bar says how far it is', () => {
  assert.equal(barLine('Sending a.csv', 500, 2000), 'Sending a.csv  ██████░░░░░░░░░░░░░░░░░░  25 %  500 B of 2.00 kB');
  assert.match(barLine('Sending nothing', 0, 0), /100 %/);
});
