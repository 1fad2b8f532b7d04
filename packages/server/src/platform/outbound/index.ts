export { type AllowedCall, parseAllowedCall } from './allowed-calls.ts';
export type { Way } from './find-way.ts';
export { type Call, type CallAnswer, createOutbound, type Outbound, type OutboundParts } from './outbound.ts';
