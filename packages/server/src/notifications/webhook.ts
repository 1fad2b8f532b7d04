import type { AlertNews } from '@boucle/contract';

/** The time that Go writes for none, which is what Alertmanager's receivers know. */
const noTime = '0001-01-01T00:00:00Z';

/** Alertmanager's webhook, version 4, with a group of one alert. */
export const webhookBody = (news: AlertNews, { channel, linkTo }: { channel: string; linkTo: (path: string) => string }) => {
  const { labels, startsAt, endsAt } = news;
  const status = news.about === 'resolved' ? 'resolved' : 'firing';
  const annotations = {
    summary: news.message,
    ...(news.advice !== null && { advice: news.advice }),
    ...(news.actions.length > 0 && {
      actions: news.actions.map(({ label, command, path }) => `${label}: ${command ?? linkTo(path ?? '/')}`).join('\n'),
    }),
    alert_id: news.alertId,
  };
  const groupLabels = { alertname: labels['alertname'] ?? '' };
  return {
    version: '4',
    groupKey: `{}:{${Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}}`,
    truncatedAlerts: 0,
    status,
    receiver: channel,
    groupLabels,
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: linkTo(''),
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt,
        endsAt: endsAt ?? noTime,
        generatorURL: linkTo(news.path),
        fingerprint: fingerprint(labels),
      },
    ],
  };
};

/** Prometheus' fingerprint of a set of labels: FNV-1a in 64 bits, each name and value ended by the byte 255. */
export const fingerprint = (labels: Readonly<Record<string, string>>): string => {
  const bytes = Object.keys(labels)
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((name) => [...Buffer.from(name), 255, ...Buffer.from(labels[name]!), 255]);
  const hash = bytes.reduce((sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n);
  return hash.toString(16).padStart(16, '0');
};
