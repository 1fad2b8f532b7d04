export { createProjects, defaultProject, type Projects } from './projects.ts';
export { sealedSecretStore } from './sealed-secret-store.ts';
export { type StoredFile, storedFile } from './stored-file.ts';
