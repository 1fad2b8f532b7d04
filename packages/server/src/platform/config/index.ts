export { environmentNameOf, loadConfig } from './config.ts';
export { nearest } from './nearest.ts';
export { type Config, settings } from './settings.ts';
