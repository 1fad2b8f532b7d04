import type { Readable } from 'node:stream';
import type { Permission } from '@boucle/contract';
import type { Actor } from '../../governance/index.ts';
import type { InputOf, Message } from './fields.ts';

/** What a handler is given beside its message. */
export interface Asked {
  readonly actor: Actor;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  again(): Again;
}
/** How the same caller comes back by an address that it is told. */
export interface Again {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}
/** An answer that is JSON already, for what is large. */
export class WireText {
  readonly text: string | Readable;
  constructor(text: string | Readable) {
    this.text = text;
  }
}

/** One address of MLflow's wire; its fields are data, and its handler translates to an operation of ours. */
export interface MlflowRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/<version>/<family>/` and `/ajax-api/…`; parts of it with a colon are fields of the message, and so is a last `*`. */
  readonly path: string;
  readonly family: 'mlflow' | 'mlflow-artifacts';
  readonly version: '2.0' | '3.0';
  readonly permission: Permission;
  readonly request: Message;
  readonly status: number;
  readonly handle: (input: never, asked: Asked) => Promise<unknown>;
}

interface NewRoute<M extends Message> {
  readonly method: MlflowRoute['method'];
  readonly path: string;
  readonly version?: MlflowRoute['version'];
  readonly family?: MlflowRoute['family'];
  readonly permission: Permission;
  readonly request: M;
  readonly status?: number;
  /** Undefined is the empty object. */
  readonly handle: (input: InputOf<M>, asked: Asked) => Promise<object | undefined | void>;
}
export const mlflowRoute = <const M extends Message>({
  version = '2.0',
  family = 'mlflow',
  status = 200,
  ...route
}: NewRoute<M>): MlflowRoute => ({
  ...route,
  family,
  version,
  status,
});
