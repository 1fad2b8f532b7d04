export type Mask = (text: string) => string;

/** Takes the values of secrets out of a text: whole, line by line, and as JSON writes them. */
export const createMask = (values: readonly string[]): Mask => {
  const forms = values.flatMap((value) => [value, ...value.split(/\r?\n/), JSON.stringify(value).slice(1, -1)]);
  // What is shorter stands everywhere by chance, and hiding it would tell more than it hides.
  const hidden = [...new Set(forms)].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
  return (text) => hidden.reduce((rest, form) => rest.replaceAll(form, '***'), text);
};
