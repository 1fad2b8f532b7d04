export type StoryTitle =
  | { readonly kind: 'retraining'; readonly because: string }
  | { readonly kind: 'rollout' | 'deployment'; readonly version: string; readonly model: string; readonly endpoint: string }
  | { readonly kind: 'pipeline' | 'dataset' | 'model'; readonly number: string; readonly name: string };

/** The server titles a story in English, in one of a few shapes: taken apart, each can be said in the reader's language. */
export const storyTitle = (title: string): StoryTitle | undefined => {
  let found: RegExpExecArray | null;
  if ((found = /^Retraining because of (.+)$/.exec(title))) return { kind: 'retraining', because: found[1]! };
  if ((found = /^Version (\d+) of (.+) on its way to endpoint (.+)$/.exec(title)))
    return { kind: 'rollout', version: found[1]!, model: found[2]!, endpoint: found[3]! };
  if ((found = /^Version (\d+) of (.+) at endpoint (.+)$/.exec(title)))
    return { kind: 'deployment', version: found[1]!, model: found[2]!, endpoint: found[3]! };
  if ((found = /^Run (\d+) of pipeline (.+)$/.exec(title))) return { kind: 'pipeline', number: found[1]!, name: found[2]! };
  if ((found = /^Version (\d+) of (dataset|model) (.+)$/.exec(title)))
    return { kind: found[2] === 'dataset' ? 'dataset' : 'model', number: found[1]!, name: found[3]! };
  return undefined;
};
