import { invalid } from '@boucle/contract';
import type { TokenizerFiles } from './tokenizer.ts';

export interface WordPieceSettings {
  readonly lowercase: boolean;
  /** Undefined: as `lowercase` says. */
  readonly stripAccents?: boolean | undefined;
  readonly separateIdeographs: boolean;
}

export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** The tokens of a `vocab.txt`, one a line; the line is the id. */
export const readVocabulary = (content: string): string[] => {
  const lines = content.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** BERT's WordPiece over a vocabulary, in the form of huggingface/tokenizers: what `BertTokenizerFast` makes of the same `vocab.txt`. */
export const wordPieceFiles = (
  vocabulary: readonly string[],
  { lowercase, stripAccents, separateIdeographs }: WordPieceSettings,
): TokenizerFiles => {
  const vocab = Object.fromEntries(vocabulary.map((token, id) => [token, id]));
  const missing = specialTokens.find((token) => token !== '[MASK]' && !Object.hasOwn(vocab, token));
  if (missing) throw invalid(`The vocabulary lacks ${missing}, which BERT needs; is it another model's?`, 'unsupported_tokenizer');
  const between = ['[CLS]', 'A', '[SEP]'].map((id) =>
    id === 'A' ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } },
  );
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: specialTokens
        .filter((token) => Object.hasOwn(vocab, token))
        .map((content) => ({
          id: vocab[content],
          content,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        })),
      normalizer: {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: separateIdeographs,
        strip_accents: stripAccents ?? null,
        lowercase,
      },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      post_processor: {
        type: 'TemplateProcessing',
        single: between,
        pair: between,
        special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [vocab[token]], tokens: [token] }])),
      },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab },
    },
    settings: { tokenizer_class: 'BertTokenizer', do_lower_case: lowercase },
  };
};

/** What a `tokenizer_config.json` says about a `vocab.txt`; `BertTokenizer`'s defaults where it is silent. */
export const wordPieceSettings = (settings: unknown): WordPieceSettings => {
  const said = (typeof settings === 'object' && settings !== null ? settings : {}) as Record<string, unknown>;
  const accents = said['strip_accents'];
  return {
    lowercase: said['do_lower_case'] !== false,
    stripAccents: typeof accents === 'boolean' ? accents : undefined,
    separateIdeographs: said['tokenize_chinese_chars'] !== false,
  };
};
