import { AppError } from '@boucle/contract';
import { toAppError } from '../problem.ts';

/** MLflow's codes that are answered here, with their HTTP status. Clients go by the code. */
export const mlflowErrorCodes = {
  BAD_REQUEST: 400,
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  RESOURCE_CONFLICT: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
} as const;
export type MlflowErrorCode = keyof typeof mlflowErrorCodes;

/** A refusal in MLflow's own words, which only the facade knows. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly code: MlflowErrorCode;
  constructor(code: MlflowErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface MlflowAnswer {
  readonly status: number;
  readonly code: MlflowErrorCode;
  readonly message: string;
}

/** The stock client repeats 5xx for minutes: what the caller got wrong is never one. */
export const mlflowAnswerOf = (error: unknown): MlflowAnswer => {
  if (error instanceof MlflowError) return { status: mlflowErrorCodes[error.code], code: error.code, message: error.message };
  const ours = toAppError(error);
  const code = codeOf(ours);
  return { status: ours.code === 'too_large' ? 413 : mlflowErrorCodes[code], code, message: messageOf(ours) };
};

/** Programs that go by MLflow's words find them. */
const messageOf = ({ reason, message, details }: AppError): string => {
  const { what, id, key, params, model, number, user, type } = details as {
    what?: string;
    id?: string;
    key?: string;
    params?: { key: string; value: string; given: string }[];
    model?: string;
    number?: number;
    user?: string;
    type?: string;
  };
  if (reason === 'param_changed' && params) {
    const logged = params.map(({ key, value, given }) => `{'key': '${key}', 'old_value': '${value}', 'new_value': '${given}'}`);
    return `Changing param values is not allowed. Params were already logged=[${logged.join(', ')}]`;
  }
  if (reason === 'bad_key' && key !== undefined) return `Invalid value ${JSON.stringify(key)} for parameter 'key' supplied: ${message}`;
  if (what === 'run') return `Run '${id}' not found`;
  if (what === 'experiment') return `No Experiment with id=${id} exists`;
  if (what === 'model') return `Registered Model with name=${id} not found`;
  if (reason === 'already_exists' && model !== undefined) return `Registered Model (name=${model}) already exists.`;
  if (reason === 'unknown_version') return `Model Version (name=${model}, version=${number}) not found`;
  if (what === 'evaluation dataset') return `Evaluation dataset with id '${id}' not found`;
  if (what === 'scorer') return `Scorer with name '${id}' not found`;
  if (what === 'logged model') return `Logged model with ID '${id}' not found`;
  if (what?.startsWith('tag of logged model')) return `No tag with key '${id}' on ${what.slice('tag of '.length)}`;
  if (what === 'user') return `User with username=${id} not found`;
  if (user !== undefined && type !== undefined && (reason === 'not_granted' || reason === 'already_exists')) {
    const kind = type === 'model' ? 'registered_model' : type;
    const outcome = reason === 'not_granted' ? 'not found' : 'already exists';
    return `Permission for user=${user} on resource_type=${kind}, resource_id=${id} ${outcome}: ${message}`;
  }
  if (what === 'issue') return `Issue with ID '${id}' not found`;
  if (what === 'tag') return `No tag with name: ${id}`;
  return message;
};

const codeOf = ({ code, reason }: AppError): MlflowErrorCode => {
  switch (code) {
    case 'invalid_request':
    case 'too_large':
    case 'failed_precondition':
      return 'INVALID_PARAMETER_VALUE';
    case 'conflict':
      return reason === 'already_exists' ? 'RESOURCE_ALREADY_EXISTS' : 'INVALID_PARAMETER_VALUE';
    case 'not_found':
      return reason === 'unknown_alias' ? 'INVALID_PARAMETER_VALUE' : 'RESOURCE_DOES_NOT_EXIST';
    case 'unauthenticated':
      return 'UNAUTHENTICATED';
    case 'permission_denied':
      return 'PERMISSION_DENIED';
    case 'rate_limited':
      return 'RESOURCE_EXHAUSTED';
    case 'unavailable':
      return 'TEMPORARILY_UNAVAILABLE';
    case 'internal':
      return 'INTERNAL_ERROR';
  }
};
