export { gridOf } from './grid.ts';
export { rungsOf, shouldStop } from './halving.ts';
export { type Setting, type Settings, type Space, isWithin } from './space.ts';
export { type SearchMethod, suggest } from './suggest.ts';
export { ranked, type Trial } from './trial.ts';
