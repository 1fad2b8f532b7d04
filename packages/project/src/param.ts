import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';
import type { Handle } from './port.ts';

/** May be left out by the caller, is always there in a step's hands. The contract's fields use the same. */
export const withDefault = <T extends TSchema, const V extends Static<T>>(schema: T, value: V) =>
  Type.Optional(Type.With(schema, { default: value }));

type Defaulted<P> = { [K in keyof P]: P[K] extends { default: unknown } ? K : never }[keyof P];
/** As the step sees them. */
export type Params<P extends TProperties> = Required<Static<TObject<P>>>;
/** As the caller writes them: a value, or a pipeline parameter. */
export type ParamsIn<P extends TProperties> = {
  readonly [K in Exclude<keyof Params<P>, Defaulted<P>>]: Params<P>[K] | Handle<Params<P>[K]>;
} & { readonly [K in Extract<keyof Params<P>, Defaulted<P>>]?: Params<P>[K] | Handle<Params<P>[K]> };
