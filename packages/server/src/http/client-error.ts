import type { Socket } from 'node:net';
import { AppError } from '@boucle/contract';
import { newId } from '../platform/index.ts';
import { problemOf } from './problem.ts';

/** What came is no request that could be answered: said on its connection, which then ends. */
export const onClientError = (error: Error & { code?: string }, socket: Socket): void => {
  // Nobody is there any more, or an answer is on its way already.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) return void socket.destroy();
  const requestId = newId();
  const problem = problemOf(refusalOf(error), requestId);
  const body = JSON.stringify(problem);
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`);
};

const refusalOf = (error: Error & { code?: string }): AppError =>
  error.code === 'HPE_HEADER_OVERFLOW'
    ? new AppError('too_large', 'The address and headers have more than 16 KiB, which is the most: send less in them', {
        reason: 'headers_too_large',
        cause: error,
      })
    : new AppError('invalid_request', `What was sent cannot be read as HTTP: ${error.message}`, {
        reason: 'unreadable_request',
        cause: error,
      });
