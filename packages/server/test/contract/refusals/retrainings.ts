import { aNewName } from '../names.ts';
import { project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const retrainingRefusals = (stage: Stage): RefusalsOf<'retrainings'> => {
  const { retrainings } = stage.client;
  const params = { project };
  const start = (monitor: string, because = 'to be sure', idempotencyKey = aNewName()) =>
    retrainings.start({ params, body: { monitor, because } }, { idempotencyKey });
  return {
    retrainings: {
      list: { invalid_request: ['unknown_cursor', () => retrainings.list({ params, query: badCursor })] },
      get: { not_found: [undefined, () => retrainings.get({ params: { ...params, retrainingId: absent } })] },
      start: {
        not_found: [undefined, () => start('nobody')],
        failed_precondition: ['no_retraining', () => start('watch')],
        conflict: [
          'idempotency_key_reused',
          async () => {
            const key = aNewName();
            await start('retrainer', 'first', key);
            await start('retrainer', 'second', key);
          },
        ],
      },
    },
  };
};
