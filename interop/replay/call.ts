/** One request. In its texts a name in guillemets, such as `«run 0»`, stands for what each server called it. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address. */
  readonly path: string;
  /** In the query of a GET, in the body of anything else. */
  readonly fields?: Fields;
  /** Of a GET too. */
  readonly inBody?: boolean;
  /** Sent as it is, in place of fields. */
  readonly bytes?: string;
  /** What the answer says is known by these names from now on: name to place in the answer. */
  readonly names?: Readonly<Record<string, string>>;
  /** Answers are asked for until no page follows, and this list of them is joined. */
  readonly pages?: string;
  /** What was spoiled on purpose. */
  readonly fault?: Fault;
}
export type Fields = Readonly<Record<string, unknown>>;
export type Fault = 'missing' | 'type' | 'unknown' | 'long' | 'range' | 'filter' | 'order' | 'token';

export const api = '/api/2.0/mlflow/';
export const proxy = '/api/2.0/mlflow-artifacts/artifacts';

export const get = (path: string, fields: Fields): Call => ({ method: 'GET', path: api + path, fields });
export const post = (path: string, fields: Fields): Call => ({ method: 'POST', path: api + path, fields });
export const patch = (path: string, fields: Fields): Call => ({ method: 'PATCH', path: api + path, fields });
export const remove = (path: string, fields: Fields = {}): Call => ({ method: 'DELETE', path: api + path, fields });

/** A call on one line, to be read by people. */
export const callText = ({ method, path, fields, inBody, bytes, pages }: Call): string =>
  `${method} ${path.replace(api, '')} ${bytes === undefined ? JSON.stringify(fields ?? {}).replaceAll(/x{20,}/g, (all) => `x…${all.length}`) : `<${bytes.length} bytes>`}${inBody ? ' in the body' : ''}${pages === undefined ? '' : ' …pages'}`;
