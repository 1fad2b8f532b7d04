export type { PackageInfo } from './describe-package.ts';
export type { Judged } from './gate-estimate.ts';
export { judgeGates } from './gates.ts';
export type { GatePorts } from './judgements.ts';
export { createRegistry, type Registry } from './registry.ts';
export { parseSource } from './source.ts';
export type { NewVersion } from './versions.ts';
