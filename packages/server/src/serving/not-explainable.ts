import { AppError } from '@boucle/contract';

export const notExplainable = (): never => {
  throw new AppError('failed_precondition', 'A model of this approach cannot say why it answers as it does', { reason: 'not_explainable' });
};
