export { type AdwinForm, type AdwinOptions, createAdwin } from './adwin.ts';
export { createDdm, type DdmForm, type DdmOptions } from './ddm.ts';
export { type Detector, type Signal } from './detector.ts';
export { createEddm, type EddmForm, type EddmOptions } from './eddm.ts';
export { createHddmA, type HddmAForm, type HddmOptions } from './hddm-a.ts';
export { createHddmW, type HddmWForm, type HddmWOptions } from './hddm-w.ts';
export { createKswin, type KswinForm, type KswinOptions } from './kswin.ts';
export { createPageHinkley, type PageHinkleyForm, type PageHinkleyOptions } from './page-hinkley.ts';
export { type DetectorForm, detectorFrom } from './stream-detector.ts';
