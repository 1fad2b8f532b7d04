export { createMonitoring, type Monitoring, type MonitoringParts } from './monitoring.ts';
