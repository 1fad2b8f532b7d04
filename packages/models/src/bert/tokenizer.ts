import { Tokenizer } from '@huggingface/tokenizers';
import { invalid } from '@boucle/contract';

/** Text to ids as a BERT checkpoint wants them: WordPiece between [CLS] and [SEP]. */
export interface BertTokenizer {
  readonly vocabularySize: number;
  readonly padId: number;
  /** At most `maxLength` ids, [CLS] and [SEP] included; of a longer text the beginning. */
  readonly encode: (text: string, maxLength: number) => readonly number[];
  /** The content of the `tokenizer.json` and `tokenizer_config.json` that make the same tokeniser. */
  readonly files: TokenizerFiles;
}

export interface TokenizerFiles {
  readonly tokenizer: unknown;
  readonly settings: unknown;
}

/** Longer texts are cut before they are looked at: what 100 characters hold of one token is more than any word has. */
const charactersPerToken = 100;

/**
 * The tokeniser that a `tokenizer.json` (huggingface/tokenizers) describes.
 * @throws AppError `invalid_request`, reason `unsupported_tokenizer`: not WordPiece, or without the tokens that BERT needs.
 */
export const createBertTokenizer = (files: TokenizerFiles): BertTokenizer => {
  const inner = opened(files);
  const idOf = (token: string): number => {
    const id = inner.token_to_id(token);
    if (id === undefined) throw unsupported(`its vocabulary lacks ${token}`);
    return id;
  };
  const [padId, , cls, sep] = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map(idOf) as [number, number, number, number];
  const ids = [...inner.get_vocab().values()];
  const mend = mendFor(files);
  return {
    vocabularySize: ids.reduce((most, id) => Math.max(most, id), -1) + 1,
    padId,
    encode: (text, maxLength) => {
      const words = inner.encode(mend(clipped(text, charactersPerToken * maxLength)), { add_special_tokens: false }).ids;
      return [cls, ...words.slice(0, Math.max(0, maxLength - 2)), sep];
    },
    files,
  };
};

const unsupported = (what: string, cause?: unknown) =>
  Object.assign(invalid(`This tokenizer.json cannot be used: ${what}`, 'unsupported_tokenizer'), { cause });

/** Without half a surrogate pair at its end. */
const clipped = (text: string, length: number): string => {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
};

/**
 * Where @huggingface/tokenizers 0.2.0 and the Rust crate differ, the crate is right, for checkpoints were trained with it: ideographs
 * beyond the Basic Multilingual Plane stand alone too, and Σ becomes σ at the end of a word as well.
 */
const mendFor = ({ tokenizer }: TokenizerFiles): ((text: string) => string) => {
  const { normalizer } = tokenizer as { normalizer?: { type?: unknown; lowercase?: unknown; handle_chinese_chars?: unknown } };
  if (normalizer?.type !== 'BertNormalizer') return (text) => text;
  return (text) => {
    const spaced = normalizer.handle_chinese_chars === true ? text.replace(farIdeographs, ' $& ') : text;
    return normalizer.lowercase === true ? spaced.replaceAll('Σ', 'σ') : spaced;
  };
};
const farIdeographs = /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

const opened = ({ tokenizer, settings }: TokenizerFiles): Tokenizer => {
  const { model } = (tokenizer ?? {}) as { model?: { type?: unknown; vocab?: unknown } };
  if (model?.type !== 'WordPiece') throw unsupported(`its model is ${JSON.stringify(model?.type) ?? 'missing'}; BERT takes WordPiece`);
  const ids = Object.values(model.vocab ?? {});
  if (!ids.every((id) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < 4_000_000)) {
    throw unsupported('the ids of its vocabulary are not whole numbers below 4000000');
  }
  try {
    return new Tokenizer(tokenizer as object, (settings ?? {}) as object);
  } catch (cause) {
    throw unsupported('it is not in the form that huggingface/tokenizers writes', cause);
  }
};
