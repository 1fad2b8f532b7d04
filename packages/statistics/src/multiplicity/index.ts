export { type Adjusted, benjaminiHochberg, eBenjaminiHochberg, holm } from './adjust.ts';
