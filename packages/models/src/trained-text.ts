import type { PackageAbout } from './package/save-package.ts';
import type { TextClassifier } from './text-classifier.ts';

/** What every approach gives back: a classifier that can be packaged. */
export interface TrainedText extends TextClassifier {
  /** Writes the package into a new or empty folder. The same training writes the same bytes. */
  readonly save: (folder: string, about: PackageAbout) => Promise<void>;
}
