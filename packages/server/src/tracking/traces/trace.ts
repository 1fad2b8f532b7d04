import type { Texts } from '../logged.ts';

/** One request to an application, as its clients tell it. */
export interface Trace {
  readonly id: string;
  readonly experimentId: string;
  /** The name that the application has for the request. */
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  /** Milliseconds since the epoch. */
  readonly requestedAt: number;
  /** Milliseconds; null while it goes on. */
  readonly duration: number | null;
  readonly state: TraceState;
  readonly tags: Texts;
  readonly metadata: Texts;
  readonly assessments: readonly Assessment[];
}
export type TraceState = 'ok' | 'error' | 'in_progress' | 'unspecified';

/** A value of OpenTelemetry's as JSON can hold it; a whole number beyond 2^53, and what is no whole number, say what they are. */
export type SpanValue =
  | string
  | boolean
  | number
  | null
  | { readonly whole: string }
  | { readonly real: number | string }
  | { readonly bytes: string }
  | { readonly list: readonly SpanValue[] }
  | { readonly map: SpanValues };
export type SpanValues = Readonly<Record<string, SpanValue>>;

export interface SpanEvent {
  readonly name: string;
  readonly timeNs: string;
  readonly attributes: SpanValues;
}
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: SpanValues;
}
/** A step of a trace. Ids are OpenTelemetry's, in hex. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly name: string;
  /** As OpenTelemetry numbers it. */
  readonly kind: number;
  readonly startNs: number | bigint;
  readonly endNs: number | bigint | null;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage: string;
  readonly traceState: string;
  readonly attributes: SpanValues;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

/** What a person, a judge or a program says of a trace, or of one span of it. */
export interface Assessment {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly name: string;
  readonly kind: 'feedback' | 'expectation' | 'issue';
  /** Any JSON. */
  readonly value: unknown;
  readonly error: { readonly code: string; readonly message: string | null; readonly stack: string | null } | null;
  readonly rationale: string | null;
  readonly source: { readonly type: string; readonly id: string };
  readonly metadata: Texts;
  /** The one that this stands for now. */
  readonly overrides: string | null;
  readonly isValid: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const traceIdOf = (otelId: string): string => `tr-${otelId}`;

/** Tags and metadata of MLflow's clients for what we tell them, or they us. */
export const traceKeys = {
  name: 'mlflow.traceName',
  artifactLocation: 'mlflow.artifactLocation',
  spansLocation: 'mlflow.trace.spansLocation',
  told: 'mlflow.trace.infoFinalized',
  sourceRun: 'mlflow.sourceRun',
  tokens: 'mlflow.trace.tokenUsage',
  cost: 'mlflow.trace.cost',
  size: 'mlflow.trace.sizeStats',
  session: 'mlflow.trace.session',
} as const;
