export { type FolderLock, type Owner, lockFolder, ownerOf } from './lock-folder.ts';
