export { type Alerts, type AlertsParts, createAlerts } from './alerts/index.ts';
export type { GivenLabel } from './feedback-store.ts';
export { createMonitoring, type LabelledRow, type Monitoring, type MonitoringParts } from './monitoring.ts';
export type { ModelTables, StoredTable } from './reference/references.ts';
export type { Declared as DeclaredWatch, PredictionSource } from './windows/watched.ts';
export { createWindows, type Windows, type WindowsParts } from './windows/windows.ts';
