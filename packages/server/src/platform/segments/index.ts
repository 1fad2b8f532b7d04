export type { LogRecord } from './read-records.ts';
export { type AppendOptions, type Position, type RecordLog, type RecordLogOptions, openRecordLog } from './record-log.ts';
export type { KeyRange, SegmentInfo } from './segment.ts';
export { checkSegment } from './check-segment.ts';
