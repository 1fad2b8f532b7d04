export { checkColumns } from './check-columns.ts';
export { createProjects, defaultProject, type Projects } from './projects.ts';
export { requireStored, type StoredFile, storedFile } from './stored-file.ts';
