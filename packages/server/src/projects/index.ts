export { createProjects, defaultProject, type Projects } from './projects.ts';
export { type StoredFile, storedFile } from './stored-file.ts';
