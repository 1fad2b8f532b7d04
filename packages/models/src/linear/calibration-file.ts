import { isDeepStrictEqual } from 'node:util';
import type { CalibrationModel } from '@boucle/statistics';
import { damaged } from '../package/package-file.ts';
import { vectorsFor } from '../text-classifier.ts';

/** Holds what a file says against the form of a calibration of these labels: every score has a probability. */
export const readCalibration = (content: unknown, labels: readonly string[]): CalibrationModel => {
  const model = content as CalibrationModel;
  const whole =
    isRecord(content) &&
    model.kind === 'calibration' &&
    isDeepStrictEqual(model.labels, labels) &&
    Array.isArray(model.curves) &&
    model.curves.length === vectorsFor(labels.length) &&
    model.curves.every(isCurve);
  if (!whole) throw damaged('the calibration is not one of these labels');
  return model;
};

const isCurve = (curve: unknown): boolean => {
  if (!isRecord(curve)) return false;
  const { kind, slope, offset, scores, values } = curve;
  if (kind === 'platt') return Number.isFinite(slope) && Number.isFinite(offset);
  if (kind !== 'isotonic' || !isNumbers(scores) || !isNumbers(values) || scores.length === 0 || scores.length !== values.length)
    return false;
  const rises = scores.every((score, i) => i === 0 || scores[i - 1]! < score);
  return rises && values.every((value, i) => value >= (values[i - 1] ?? 0) && value <= 1);
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite);
