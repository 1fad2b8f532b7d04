/** What an endpoint names: one version by its number, or the version an alias points at when it is deployed. */
export type ModelReference = { readonly model: string; readonly alias: string } | { readonly model: string; readonly number: number };

/** `sentiment@champion` or `sentiment/3`, also as MLflow's clients write it, `models:/sentiment/3`; undefined where the text is neither. */
export const parseModelReference = (reference: string): ModelReference | undefined => {
  const text = reference.replace(/^models:\/+/, '');
  const numbered = /^([^\0-\x1f/:]{1,256})\/([1-9]\d{0,8})$/.exec(text);
  if (numbered) return { model: numbered[1]!, number: Number(numbered[2]) };
  const named = /^([^\0-\x1f/:]{1,256})@([\p{L}\p{N}_.-]{1,255})$/u.exec(text);
  return named ? { model: named[1]!, alias: named[2]! } : undefined;
};
