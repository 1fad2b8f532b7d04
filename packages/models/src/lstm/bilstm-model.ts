import { defineModel, dropout, embedding, int64, type Model, normal, param, tag, uniform, xavier, zeros } from '../autodiff/index.ts';
import { bilstm, linear, type Pooling, poolStates } from '../layers/index.ts';

/** All that the network's shape depends on. */
export interface Architecture {
  /** With `<pad>` and `<unk>`. */
  readonly words: number;
  readonly embeddingSize: number;
  readonly hiddenSize: number;
  readonly pooling: Pooling;
  readonly classes: number;
}

/** The parameter that holds a vector for each word. */
export const embeddingName = 'embedding';
/** The word vectors of a text, [batch, length, embeddingSize], for whoever asks how much each word says. */
export const embeddedTag = 'embedded';

/** Word vectors, an LSTM in both directions, its states pooled, and a linear classifier: from `ids` [batch, length] and `lengths` [batch] to logits. */
export const defineBilstm = ({ words, embeddingSize, hiddenSize, pooling, classes }: Architecture, dropoutRate = 0): Model => {
  const bound = 1 / Math.sqrt(hiddenSize);
  return defineModel(
    {
      params: {
        [embeddingName]: param([words, embeddingSize], normal(0.1)),
        'lstm.input': param([2, embeddingSize, 4 * hiddenSize], uniform(bound)),
        'lstm.recurrent': param([2, hiddenSize, 4 * hiddenSize], uniform(bound)),
        'lstm.bias': param([2, 4 * hiddenSize], zeros),
        'classifier.weight': param([2 * hiddenSize, classes], xavier()),
        'classifier.bias': param([classes], zeros),
      },
      inputs: { ids: int64(['batch', 'length']), lengths: int64(['batch']) },
    },
    (p, { ids, lengths }) => {
      const embedded = tag(embeddedTag, embedding(p[embeddingName]!, ids!));
      const lstm = { input: p['lstm.input']!, recurrent: p['lstm.recurrent']!, bias: p['lstm.bias']! };
      const states = bilstm(dropout(embedded, dropoutRate), lengths!, lstm);
      const pooled = dropout(poolStates(states, lengths!, pooling), dropoutRate);
      return linear(pooled, { weight: p['classifier.weight']!, bias: p['classifier.bias']! });
    },
  );
};
