import { Type } from 'typebox';
import { withDefault } from '../param.ts';
import { model, value } from '../port.ts';
import { defineEffect } from '../step.ts';
import { Report, predictions } from './report.ts';

/** A version of a registered model, recorded by the server when it commits the step; the same package again is the same version. */
export const register = defineEffect('register', {
  inputs: { model: model('text-classification'), report: value(Report), predictions },
  params: { name: Type.String(), alias: withDefault(Type.String(), '') },
  outputs: { version: value(Type.String()) },
});
