export { type Mask, createMask, maskStream } from './mask.ts';
export { sealedStore } from './sealed-store.ts';
export type { SecretPlace } from './sealed.ts';
export { type SealedSecret, type SealedStore, type Secrets, type SecretsOptions, createSecrets } from './secrets.ts';
