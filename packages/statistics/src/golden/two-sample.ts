// Numbers to hold the two-sample tests and distances against, computed with other libraries.

/** Samples and counts behind the vectors; c0..c3 generate the samples C and D by fractional parts. */
export const inputs = {
  A: [38.7, 41.5, 43.8, 44.5, 45.5, 46, 47.7, 58],
  B: [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8],
  diceReferenceCounts: [16, 18, 16, 14, 12, 12],
  diceCurrentCounts: [16, 16, 16, 16, 16, 8],
  newCategoryReferenceCounts: [50, 30, 20, 0],
  newCategoryCurrentCounts: [40, 30, 20, 10],
  lostCategoryReferenceCounts: [40, 30, 20, 10],
  lostCategoryCurrentCounts: [50, 30, 20, 0],
  doubledReferenceCounts: [500, 300, 200],
  doubledCurrentCounts: [250, 150, 100],
  binaryReferenceCounts: [70, 30],
  binaryCurrentCounts: [55, 45],
  c0: 0.6180339887498949,
  c1: 0.7548776662466927,
  c2: 0.4142135623730951,
  c3: 0.5698402909980532,
} as const;

/** Scores with the conventions of a widely used tool, which differ from ours where the test says so. */
export const driftScores = {
  aVsB: {
    ks: 0.08702408702408701,
    wasserstein: 0.781236105789365,
    jensenshannon: 0.8325546111576977,
    klDiv: 7.1194985124221715,
    psi: 14.250388222464219,
    hellinger: 0.4143701130471807,
    anderson: 0.06351467728760844,
    cramerVonMises: 0.06433566433566433,
    ed: 1.570230874744221,
    es: 0.4084489129581558,
    mannw: 0.9675213675213675,
    tTest: 0.08410572024397057,
  },
  diceAsNumbers: {
    ks: 0.9999926089855543,
    wasserstein: 0.054433105395181744,
    jensenshannon: 0.06804819617703867,
    klDiv: 0.01890967696532045,
    psi: 0.037218381577290835,
    hellinger: 0.02348245185310515,
    anderson: 0.25,
    cramerVonMises: 0.9976139157663553,
    ed: 0.07872958216222169,
    es: 0.810022725721478,
    mannw: 0.4814330305987495,
    tTest: 1,
  },
  CShift: {
    ks: 0.008922221390371415,
    wasserstein: 0.3411777787337034,
    jensenshannon: 0.2539942800622645,
    klDiv: 0.6794931696418043,
    psi: 1.064502202314578,
    hellinger: 0.29342858550064804,
    anderson: 0.001,
    cramerVonMises: 0.000003159070755875959,
    ed: 0.43326661928782906,
    es: 9.154486033824375e-15,
    mannw: 1.4509775788264304e-7,
    tTest: 8.912510744974852e-8,
  },
  CSame: {
    ks: 0.9999999999999996,
    wasserstein: 0.006662616935377524,
    jensenshannon: 0.008152001768926324,
    klDiv: 0.0002663736794825842,
    psi: 0.0005316636930871307,
    hellinger: 0.00815208851659518,
    anderson: 0.25,
    cramerVonMises: 1,
    ed: 0.011167877106107333,
    es: 0.9997020611933738,
    mannw: 0.5329844874153631,
    tTest: 0.9345199406833045,
  },
  D: {
    ks: 1.1367872066865019e-29,
    wasserstein: 0.4881935521369958,
    jensenshannon: 0.19372031753803146,
    klDiv: 0.12394385733865985,
    psi: 0.46685003256613516,
    hellinger: 0.21523245389254497,
    anderson: 0.001,
    cramerVonMises: 7.975501370438565e-10,
    ed: 0.512363696459627,
    es: 5.201443076120848e-56,
    mannw: 1.150815457971871e-38,
    tTest: 2.2402563378307877e-43,
  },
  diceAsCategories: {
    chisquare: 0.67308760069663,
    jensenshannon: 0.0680481961770385,
    klDiv: 0.01890967696532043,
    psi: 0.037218381577290835,
    hellinger: 0.06812774370983427,
    gTest: 0.6657519578484129,
    z: 1,
  },
  newCategory: {
    chisquare: 0,
    jensenshannon: 0.1934964620120408,
    klDiv: 0.11076991813755954,
    psi: 0.7123991075017365,
    hellinger: 0.22975292054736132,
    gTest: 0,
    z: 0.155218489684684,
  },
  lostCategory: {
    chisquare: 0.005852662593326735,
    jensenshannon: 0.1934964620120408,
    klDiv: 0.6016181023728632,
    psi: 0.7123991075017365,
    hellinger: 0.22975292054736132,
    gTest: 0.00005610841831992491,
    z: 0.155218489684684,
  },
  doubled: { chisquare: 1, jensenshannon: 0, klDiv: 0, psi: 0, hellinger: 0, z: 1 },
  binary: {
    chisquare: 0.001063114917158603,
    jensenshannon: 0.10982568130333216,
    klDiv: 0.04717390733937221,
    psi: 0.09699407473875783,
    hellinger: 0.10996752376488433,
    gTest: 0.0015962795458130527,
    z: 0.02845973691631065,
  },
} as const;

/** Pairs of a printed and the true value of a permutation p, the truth from 400,000 permutations. */
export const totalVariationP = {
  tvdDice: [0.928, 0.96693],
  tvdNewCategory: [0.404, 0.43812],
  tvdBinary: [0.038, 0.04072],
  tvdLostCategory: [0.43, 0.43812],
  tvdDiceVs101024241010: [0.085, 0.09615],
  tvdDiceVs10241216816: [0.309, 0.32512],
} as const;

/** Raw statistics of A against B. */
export const aVersusB = {
  ksD: 0.625,
  ksPAsymptotic: 0.04931640625,
  wassersteinRaw: 4.162500000000001,
  sdReference: 5.328094757978691,
  cramerVonMisesT: 0.4375,
  andersonA2: 2.170571194868163,
  andersonT: 1.7183096744360893,
  eppsSingletonW: 3.981988619558057,
  mannwhitneyU: 49,
  mannwhitneyPTwoSided: 0.08298368298368297,
  hodgesLehmannShift: 3.1,
  clesBOverA: 0.234375,
  mmd2: 0.12389230791499029,
  mmdPAllSplits: 0.11965811965811966,
} as const;

/** [statistic, p, degrees of freedom], and the p of Fisher. */
export const twoSampleTests = {
  chi2Dice: [1.6224089635854342, 0.8985262394026607, 5],
  chi2NewCategory: [11.11111111111111, 0.011139980641667716, 3],
  chi2Binary: [4.8, 0.028459736916310638, 1],
  chi2BinaryYates: [4.181333333333333, 0.04087153408900628, 1],
  gDice: [1.6299560650379492, 0.8976032398668559, 5],
  gNewCategory: [14.976352324470861, 0.00183696944826095, 3],
  gBinary: [4.824672109496449, 0.028055200955279684, 1],
  fisherBinaryP: 0.040534006514982644,
  fisher4545Vs3060P: 0.033972274322700745,
  fisher33Vs60P: 0.1818181818181818,
  fisher60Vs06P: 0.0021645021645021645,
  fisher9060Vs6090P: 0.0007843987149579247,
} as const;

/** Values in few digits, one unit of the last may differ. */
export const suite = {
  chisquareDice: 0.67309,
  hellingerDice: 0.06812,
  andersonAB: 0.0635,
  tTestAB: 0.084,
  gTest: 0.8176,
  gTestExact: 0.817622013379844,
  eppsSingletonDice: 0.81,
  mannwhitneyDice: 0.481,
  energyAA: 0,
  energyAAplus5: 1.9,
  energyAAplus5Exact: 1.9332614929181204,
  fisher: [0.033, 0.181, 0.0021, 0.00078],
  tvdAllInSixth: 0,
  cramerVonMisesNormalSeeds01N100: 0.8077,
} as const;

/** p = (0.2, 0.3, 0.5), q = (0.1, 0.4, 0.5). */
export const closedForms = {
  jsDistanceNat: 0.10990281338794596,
  jsDistanceBase2: 0.13200673194893733,
  jsDivergenceBase2: 0.017425777279838593,
  psi: 0.09808292530117264,
  klPQ: 0.05232481437645474,
  hellinger: 0.11031084375035384,
  totalVariation: 0.1,
  lInfinity: 0.1,
} as const;

/** Edge cases of histograms, Jensen-Shannon in base 2. */
export const histograms = {
  jsdUnaligned: 0.6556390622295666,
  jsdNan: 0.13792538097002996,
  jsdRanks: 0.6,
  jsdPoints: 0.5,
  jsdDisjoint: 1,
  lInfinity: 0.2,
  lInfinityMissingKeys: 0.3,
  normalisedDifference: 0.6818181818181818,
} as const;

/** P(chi-square > its critical value/(1 + m/n)) for (n, m) = (500, 500), (1000, 200), (200, 1000). */
export const falseAlarms = {
  theory3: [0.223607, 0.082377, 0.606962],
  theory5: [0.314602, 0.095066, 0.812151],
  theory10: [0.488584, 0.118842, 0.971012],
  theory20: [0.718025, 0.156643, 0.999411],
} as const;

/** [n, m, cells, threshold of PSI at 5 %]. */
export const nullThresholds = {
  rows: [
    [2000, 100, 10, 0.1776492648],
    [2000, 300, 10, 0.0648560808],
    [1000, 1000, 10, 0.0338379552],
    [5000, 100, 5, 0.0967748362],
  ],
} as const;

/** Intervals of a canary judge. */
export const kayenta = {
  x: [10, 20, 30, 40],
  y: [1, 2, 3, 4],
  interval: [6, 39],
  estimate: 22.5,
  cohenControl: [5, 5, 5, 10, 10, 10],
  cohenExperiment: [1, 1, 1, 2, 2, 2],
  cohenD: 3.038218101251,
  'normalQuantile_.01': -2.3263478740408408,
} as const;

/** E-values and how many of them are rejected. */
export const eBenjaminiHochberg = { eValues: [60, 25, 8, 1.2], alpha: 0.1, rejected: 2 } as const;
