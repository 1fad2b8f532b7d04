export { backUp, restore } from './main/backups.ts';
export { diagnose, type Finding } from './main/diagnose.ts';
export type { Modules } from './main/create-modules.ts';
export { type Server, type ServerOptions, startServer } from './main/server.ts';
export { type BackupManifest, checkBackup, type Progress } from './platform/backup/index.ts';
export { type Config, environmentNameOf, loadConfig, nearest, settings } from './platform/config/index.ts';
export { type LeapingClock, leapingClock } from './platform/index.ts';
