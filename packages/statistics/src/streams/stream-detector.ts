import { type AdwinForm, adwinFrom } from './adwin.ts';
import { type DdmForm, ddmFrom } from './ddm.ts';
import type { Detector } from './detector.ts';
import { type EddmForm, eddmFrom } from './eddm.ts';
import { type HddmAForm, hddmAFrom } from './hddm-a.ts';
import { type HddmWForm, hddmWFrom } from './hddm-w.ts';
import { type KswinForm, kswinFrom } from './kswin.ts';
import { type PageHinkleyForm, pageHinkleyFrom } from './page-hinkley.ts';

/** What a detector of any kind leaves behind as JSON. */
export type DetectorForm = AdwinForm | DdmForm | EddmForm | HddmAForm | HddmWForm | KswinForm | PageHinkleyForm;

/** The detector that left this form, to go on where it ended. RangeError for a form of no known detector. */
export const detectorFrom = (form: DetectorForm): Detector<DetectorForm> => {
  switch (form.detector) {
    case 'adwin':
      return adwinFrom(form);
    case 'ddm':
      return ddmFrom(form);
    case 'eddm':
      return eddmFrom(form);
    case 'hddm-a':
      return hddmAFrom(form);
    case 'hddm-w':
      return hddmWFrom(form);
    case 'kswin':
      return kswinFrom(form);
    case 'page-hinkley':
      return pageHinkleyFrom(form);
    default:
      throw new RangeError(`There is no detector named ${String((form as { detector?: unknown }).detector)}`);
  }
};
