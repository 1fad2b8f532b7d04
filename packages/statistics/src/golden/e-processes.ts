/** Known values of the anytime-valid processes, computed apart from this package at full precision. */

/** share, a, b, canary events, baseline events, ln E, always-valid p. */
export const attributionRows = [
  [0.1, 1, 9, 0, 0, 0, 1],
  [0.1, 1, 9, 5, 20, -0.08623230677112526, 1],
  [0.1, 1, 9, 12, 20, 5.77820185780301, 0.003094274354136591],
  [0.5, 1, 1, 30, 10, 3.4543243628417875, 0.0316086531238398],
  [0.5, 100, 100, 60, 40, 0.46624429223019703, 0.6273540076163387],
  [0.05, 0.5, 9.5, 9, 31, 4.688476247877254, 0.009200695059113473],
] as const;

/** share, a, b, canary events, baseline events, theta low and high, relative risk low and high, at alpha .05. */
export const attributionIntervals = [
  [0.1, 1, 9, 12, 20, 0.13461334873281228, 0.669455386250892, 1.3999755332732238, 18.22779203061295],
  [0.5, 1, 1, 30, 10, 0.5117382961597142, 0.914423565001644, 1.04808198581781, 10.685459905162105],
] as const;

/** Events as [canary, share], then E after each. */
export const rampEvents = [
  [1, 0.05],
  [0, 0.05],
  [1, 0.05],
  [1, 0.1],
  [0, 0.1],
  [1, 0.1],
  [1, 0.25],
  [0, 0.25],
  [1, 0.25],
  [1, 0.5],
] as const;
export const rampRollback = [
  1.932327711931, 1.788735745457, 4.15844824748, 10.746817899172, 8.344477320087, 23.735795574878, 54.5020996395, 29.115949435372,
  66.158207901302, 106.61266840381,
] as const;
export const rampPromote = [
  0.532751548395, 0.547777452538, 0.349903095354, 0.256298292701, 0.265421244285, 0.207429156441, 0.176415221314, 0.187668498232,
  0.162417155702, 0.149917759996,
] as const;

/** E after 10, 20, 30 and 35 events. */
export const quietRampEvents = [
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.05],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [0, 0.1],
  [1, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.25],
  [0, 0.5],
  [0, 0.5],
  [0, 0.5],
  [0, 0.5],
  [0, 0.5],
] as const;
export const quietRampRollback = [0.667659245311, 0.416402435435, 0.268418514287, 0.181838853037] as const;
export const quietRampPromote = [1.458358838, 3.410163489, 11.994149949, 209.431854875] as const;

export const sampleRatios = [
  { counts: [520, 290, 190], shares: [0.5, 0.3, 0.2], logE: -1.6409850760443305 },
  { counts: [600, 250, 150], shares: [0.5, 0.3, 0.2], logE: 16.47205880677609 },
  { counts: [900, 100], shares: [0.9, 0.1], logE: -1.206604800214052 },
  { counts: [9300, 700], shares: [0.9, 0.1], logE: 52.5081808898276 },
] as const;

/** p, n, low and high order statistic from 1, at alpha .05. */
export const quantileRanks = [
  [0.5, 1000, 449, 552],
  [0.95, 1000, 926, 971],
  [0.99, 1000, 977, 999],
  [0.99, 10000, 9861, 9935],
] as const;

/** n and the radius for a deviation of 1, alpha .05, tuned for n = 1000. */
export const asymptoticRho2 = 0.007936154601737565;
export const asymptoticRadii = [
  [100, 0.3855054633530311],
  [1000, 0.09598173584209047],
  [10000, 0.032417231454054375],
] as const;

/** n in each arm, difference of means, variance, tau2, E. */
export const msprtRows = [
  [1000, 0.05, 0.25, 0.0025, 3.278721627526389],
  [1000, 0.08, 0.25, 0.0025, 84.559345267758],
] as const;

/** p0, p1, threshold, then index and value at the alarm of e-SR and of e-CUSUM; on alternating, all ones, stream2. */
export const eDetectorRows = [
  [0.2, 0.4, 1000, 1020, 1354.8764544547842, 1032, 1313.6816711425752],
  [0.2, 0.4, 1000, 8, 1022, 9, 1024],
  [0.2, 0.5, 1000, 1012, 1466.335607613171, 1018, 2220.446049250313],
] as const;

/** True relative risk, share of rollbacks, of promotions, of undecided. */
export const operatingRows = [
  [0.7, 0.005, 0.995, 0],
  [1, 0.022, 0.958, 0.02],
  [1.25, 0.51, 0.363, 0.127],
  [1.5, 0.97, 0.028, 0.002],
  [2, 0.997, 0.003, 0],
  [3, 1, 0, 0],
  [5, 1, 0, 0],
] as const;
