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
  width: 768,
  height: 396,
  card: { width: 160, height: 92 },
  places: {
    framing: [100, 50],
    datasets: [289, 50],
    pipelines: [479, 50],
    tracking: [668, 50],
    registry: [584, 342],
    serving: [384, 342],
    monitoring: [184, 342],
  },
  lines: {
    datasets: 'M100 50H289',
    pipelines: 'M289 50H479',
    tracking: 'M479 50H668',
    registry: 'M700 50C764 130 764 342 620 342',
    serving: 'M584 342H384',
    monitoring: 'M384 342H184',
    framing: 'M148 342C4 342 4 130 68 50',
  },
  arrows: {
    datasets: [195, 50, 0],
    pipelines: [384, 50, 0],
    tracking: [573, 50, 0],
    registry: [729.5, 203, 94],
    serving: [484, 342, 180],
    monitoring: [284, 342, 180],
    framing: [38.5, 203, -94],
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

/** The line to a station is lit once the station has something to show. */
export const linesOf = (layout: LoopLayout) => stationNames.map((name) => ({ name, line: layout.lines[name], arrow: layout.arrows[name] }));
