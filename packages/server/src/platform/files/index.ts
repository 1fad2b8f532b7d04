export { diskFiles } from './disk-files.ts';
export { ensureFolder } from './ensure-folder.ts';
export type { ByteRange, FileKind, Files, OpenFile } from './files.ts';
export { type LegalState, type LegalStatesOptions, legalStates } from './legal-states.ts';
export type { FileTree, Recording } from './recording.ts';
export { shareSync } from './shared-sync.ts';
export { hasCode, onStorage, storageError } from './storage-error.ts';
export { type TwinFiles, createTwinFiles } from './twin-files.ts';
