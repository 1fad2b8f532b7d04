export { type FolderLock, type Owner, lockFolder, lockMaintenance, ownerOf } from './lock-folder.ts';
