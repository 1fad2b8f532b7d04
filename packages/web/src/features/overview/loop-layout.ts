import { type StationName, stationNames } from './stations.ts';

/** A way to lay the loop out, in units of its own: where the cards' centres are, and the line from each station to the next. */
export interface LoopLayout {
  readonly width: number;
  readonly height: number;
  readonly card: { readonly width: number; readonly height: number };
  readonly places: Record<StationName, readonly [x: number, y: number]>;
  /** The line that arrives at each station. */
  readonly lines: Record<StationName, string>;
  /** The middle of each line and which way it goes there, in degrees. */
  readonly arrows: Record<StationName, readonly [x: number, y: number, turn: number]>;
}

/** Four stations above, three below. */
export const wide: LoopLayout = {
  width: 776,
  height: 396,
  card: { width: 172, height: 92 },
  places: {
    framing: [88, 50],
    datasets: [288, 50],
    pipelines: [488, 50],
    tracking: [688, 50],
    registry: [588, 342],
    serving: [388, 342],
    monitoring: [188, 342],
  },
  lines: {
    datasets: 'M88 50H288',
    pipelines: 'M288 50H488',
    tracking: 'M488 50H688',
    registry: 'M720 50C784 150 784 342 640 342',
    serving: 'M588 342H388',
    monitoring: 'M388 342H188',
    framing: 'M136 342C-8 342 -8 150 56 50',
  },
  arrows: {
    datasets: [188, 50, 0],
    pipelines: [388, 50, 0],
    tracking: [588, 50, 0],
    registry: [758, 233.5, 99.4],
    serving: [488, 342, 180],
    monitoring: [288, 342, 180],
    framing: [18, 233.5, -99.4],
  },
};

/** Down the right side and up the left, for a narrow page. */
export const tall: LoopLayout = {
  width: 340,
  height: 448,
  card: { width: 158, height: 88 },
  places: {
    framing: [170, 46],
    datasets: [259, 164],
    pipelines: [259, 282],
    tracking: [259, 400],
    registry: [81, 400],
    serving: [81, 282],
    monitoring: [81, 164],
  },
  lines: {
    datasets: 'M170 46H231Q259 46 259 74V164',
    pipelines: 'M259 164V282',
    tracking: 'M259 282V400',
    registry: 'M259 400H81',
    serving: 'M81 400V282',
    monitoring: 'M81 282V164',
    framing: 'M81 164V74Q81 46 109 46H170',
  },
  arrows: {
    datasets: [259, 96, 90],
    pipelines: [259, 223, 90],
    tracking: [259, 341, 90],
    registry: [170, 400, 180],
    serving: [81, 341, -90],
    monitoring: [81, 223, -90],
    framing: [81, 96, -90],
  },
};

const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`;

/** Where a station stands in both layouts, as CSS variables; the style sheet picks by the width at hand. */
export const cardStyle = (name: StationName): Record<`--${string}`, string> =>
  Object.fromEntries(
    Object.entries({ wide, tall }).flatMap(([key, { width, height, card, places }]) => {
      const [x, y] = places[name];
      return [
        [`--${key}-left`, share(x - card.width / 2, width)],
        [`--${key}-top`, share(y - card.height / 2, height)],
        [`--${key}-width`, share(card.width, width)],
        [`--${key}-height`, share(card.height, height)],
      ];
    }),
  );

/** The lines, each with the station it comes from and the one it arrives at. */
export const linesOf = (layout: LoopLayout) =>
  stationNames.map((name, index) => ({
    name,
    from: stationNames.at(index - 1) ?? name,
    line: layout.lines[name],
    arrow: layout.arrows[name],
  }));
