import type { EventData, EventType } from '@boucle/contract';
import type { News } from '../live/news.ts';

let seq = 0;
/** News as the server tells it, a second after the one before. */
export const said = <T extends EventType>(type: T, data: EventData[T], id = 'a') =>
  ({
    seq: ++seq,
    id: String(seq),
    type,
    subject: { project: 'airline', type: type.split('.')[0], id },
    actor: 'owner',
    correlationId: 'c',
    at: new Date(seq * 1000).toISOString(),
    data,
  }) as News;
