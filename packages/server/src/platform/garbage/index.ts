export { type Collected, createGarbage, type Garbage } from './garbage.ts';
export { exceptions } from './exceptions.ts';
export { columnsThatName, mentionsInDatabase, type Mentions } from './mentions.ts';
export { noteMentionsInLogs, segmentsBelow } from './mentions-in-log.ts';
export { reachable } from './reachable.ts';
