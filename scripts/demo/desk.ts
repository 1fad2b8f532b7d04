import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What Alertmanager's webhook schema says of one alert, as far as the desk reads it. */
export interface Told {
  readonly status: string;
  readonly rule: string;
  readonly message: string;
}
interface Webhook {
  readonly status: string;
  readonly alerts: readonly { readonly labels: Record<string, string>; readonly annotations: Record<string, string> }[];
}

/** Somebody's desk: takes what a channel sends, and remembers it. */
export const openDesk = async () => {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    void (json(request) as Promise<Webhook>).then(({ status, alerts }) => {
      for (const { labels, annotations } of alerts)
        told.push({ status, rule: labels['alertname'] ?? '', message: annotations['summary'] ?? annotations['description'] ?? '' });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}/alerts`, told, close: () => server.close() };
};
export type Desk = Awaited<ReturnType<typeof openDesk>>;
