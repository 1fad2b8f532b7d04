import { promptTag } from './search-fields.ts';

/** A prompt is a registered model that says so; its text is in the tags of its versions. */
export const isPrompt = (tags: Readonly<Record<string, string>>): boolean => tags[promptTag]?.toLowerCase() === 'true';
/** For news: nothing where it is none. */
export const promptNews = ({ tags }: { readonly tags: Readonly<Record<string, string>> }): { isPrompt?: true } =>
  isPrompt(tags) ? { isPrompt: true } : {};
