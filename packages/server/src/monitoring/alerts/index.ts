export { type Alerts, type AlertsParts, createAlerts } from './alerts.ts';
