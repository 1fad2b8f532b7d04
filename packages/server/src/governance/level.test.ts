import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Permission, walkRoutes } from '@boucle/contract';
import { allows, levelFor, levels } from './level.ts';

const permissions = [...new Set([...walkRoutes(api)].map(([, { permission }]) => permission))];

test('who only reads changes nothing, and sees no secrets', () => {
  const read = permissions.filter((one) => allows('read', one));
  assert.ok(read.includes('runs:read') && read.includes('models:read'));
  assert.deepEqual(
    read.filter((one) => !one.endsWith(':read')),
    ['users:self', 'tokens:write'],
  );
  assert.ok(!read.includes('secrets:read') && !read.includes('users:read'));
});

test('each level includes those before it, and none makes an administrator', () => {
  for (const permission of permissions)
    for (const [i, level] of levels.entries())
      if (i > 0 && allows(levels[i - 1]!, permission)) assert.ok(allows(level, permission), `${level} ${permission}`);
  assert.deepEqual(
    permissions.filter((one) => !allows('manage', one)),
    permissions.filter((one) => levelFor(one) === 'admin'),
  );
});

test('a permission that nothing is said of wants the highest', () => {
  for (const unknown of ['rockets:launch', 'runs:remove', 'models:remove'] as Permission[]) assert.equal(levelFor(unknown), 'manage');
});
