export { type Topic, topics } from './webhooks/topics.ts';
export type { Webhook } from './webhooks/webhook-store.ts';
export { createWebhooks, type Webhooks } from './webhooks/webhooks.ts';
export { createNotifications, type Notifications, type NotificationsParts } from './notifications.ts';
