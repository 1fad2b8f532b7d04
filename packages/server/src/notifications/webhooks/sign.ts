import { createHmac } from 'node:crypto';

interface Signed {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
  readonly secret: string | null;
}

/** By these a receiver knows what it has already, how old it is, and who sent it. */
export const headersOf = ({ id, at, body, secret }: Signed): Record<string, string> => {
  const delivery = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = secret === null ? undefined : createHmac('sha256', secret).update(`${delivery}.${timestamp}.${body}`).digest('base64');
  return {
    'X-MLflow-Delivery-Id': delivery,
    'X-MLflow-Timestamp': timestamp,
    ...(signature !== undefined && { 'X-MLflow-Signature': `v1,${signature}` }),
  };
};
