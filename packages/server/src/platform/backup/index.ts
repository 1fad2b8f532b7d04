export { type BackedUp, backUp, type BackUpOptions, type Progress } from './back-up.ts';
export type { BackupManifest } from './manifest.ts';
export { checkBackup, restore, type RestoreOptions } from './restore.ts';
