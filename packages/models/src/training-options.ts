import type { BertOptions } from './bert/bert-options.ts';
import type { LogisticOptions } from './linear/logistic-options.ts';
import type { BilstmOptions } from './lstm/bilstm-options.ts';

/** Told apart by `approach`. */
export type TextTrainingOptions = LogisticOptions | BilstmOptions | BertOptions;
