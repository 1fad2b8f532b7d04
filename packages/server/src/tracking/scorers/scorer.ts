/** How answers of an application are judged, as its clients wrote it down; nothing of it is run here. */
export interface ScorerVersion {
  readonly scorerId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly version: number;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
export interface ScorerName {
  readonly experimentId: string;
  readonly name: string;
}
