import type { Permission } from '@boucle/contract';

/** What a user may, from nothing up; each includes those before. */
export const levels = ['none', 'read', 'use', 'edit', 'manage'] as const;
export type Level = (typeof levels)[number];

/** For everybody who said who they are. */
const own: readonly Permission[] = ['users:self', 'tokens:read', 'tokens:write'];
/** Whoever may look may begin something of their own, as on MLflow's server. */
const begun: readonly Permission[] = ['experiments:create', 'models:create'];
const used: readonly Permission[] = ['predictions:make', 'feedback:write'];
const edited: readonly Permission[] = [
  'alerts:acknowledge',
  'blobs:write',
  'channels:test',
  'datasets:write',
  'experiments:write',
  'manifests:write',
  'models:promote',
  'models:write',
  'pipelines:run',
  'retrainings:start',
  'runs:write',
  'silences:write',
  'triggers:fire',
];
/** Of the whole server. */
const ofAdmins: readonly Permission[] = ['garbage:collect', 'projects:write', 'users:read', 'users:write'];
const managed: readonly Permission[] = ['secrets:read', 'webhooks:read'];

/** The least level that includes a permission; what nothing is said of wants the highest. */
export const levelFor = (permission: Permission): Level | 'admin' => {
  if (own.includes(permission)) return 'none';
  if (ofAdmins.includes(permission)) return 'admin';
  if (managed.includes(permission)) return 'manage';
  if (permission.endsWith(':read') || begun.includes(permission)) return 'read';
  if (used.includes(permission)) return 'use';
  return edited.includes(permission) ? 'edit' : 'manage';
};

export const allows = (level: Level, permission: Permission): boolean => {
  const needed = levelFor(permission);
  return needed !== 'admin' && levels.indexOf(level) >= levels.indexOf(needed);
};
