export type { PackageInfo } from './describe-package.ts';
export { createRegistry, type NewVersion, type Registry } from './registry.ts';
