const drum =
  'M3.5 5.2C3.5 3.8 6.4 2.8 10 2.8s6.5 1 6.5 2.4S13.6 7.6 10 7.6 3.5 6.6 3.5 5.2ZM3.5 5.2v9.6c0 1.4 2.9 2.4 6.5 2.4s6.5-1 6.5-2.4V5.2M3.5 10c0 1.4 2.9 2.4 6.5 2.4s6.5-1 6.5-2.4';
/** Drawn on a 20 by 20 grid with one stroke width, so that any two sit well together. */
const paths = {
  overview: 'M15.8 7.2A6.6 6.6 0 1 0 16.6 10M16.4 3.6l-.4 3.8-3.8-.4',
  framing: 'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4ZM10 6.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2ZM10 9.9v.2',
  datasets: drum,
  data: drum,
  pipelines: 'M2.8 4h4.4v4.4H2.8zM12.8 4h4.4v4.4h-4.4zM7.8 12h4.4v4.4H7.8zM7.2 6.2h5.6M5 8.4c0 3 .8 5.8 2.8 5.8M15 8.4c0 3-.8 5.8-2.8 5.8',
  runs: 'M3 4.6h14M3 10h14M3 15.4h14M7 2.6v4M13 8v4M9.600 13.400v4',
  trigger: 'M11 2.600 4.600 11.400h5L9 17.400l6.400-8.800h-5z',
  models: 'M3 6.2 10 3l7 3.2v7.6L10 17l-7-3.2zM3 6.2l7 3.2 7-3.2M10 9.400V17',
  endpoints: 'M2.600 10h8M7.800 7.200 10.600 10l-2.800 2.800M12.400 4.200a6.200 6.200 0 1 1 0 11.600',
  tracking: 'M3 3v14h14M6 13l3.2-4.6 2.8 2.8L16.6 5',
  registry: 'M10 2.6l6.4 3.7v7.4L10 17.4l-6.4-3.7V6.3zM3.6 6.3 10 10l6.4-3.7M10 10v7.4',
  serving: 'M2.6 10h5l5.4-5h4.4M7.6 10l5.4 5h4.4M15.2 2.8 17.4 5l-2.2 2.2M15.2 12.8l2.2 2.2-2.2 2.2',
  monitoring: 'M2.4 10.4h3.4l2.4-6 3.6 11.2 2.4-5.2h3.4',
  stories: 'M4 3.2h8.6L16 6.6v10.2H4zM12.4 3.4v3.4h3.4M6.8 9.4h6.4M6.8 12.6h4.6',
  comparison: 'M10 3v14M5 17h10M3.4 6h13.2M3.4 6 1.6 11.4h3.6zM16.6 6l-1.8 5.4h3.6z',
  rollouts: 'M2.8 16.6h3.6v-3.8H2.8zM8.2 16.6h3.6V9H8.2zM13.6 16.6h3.6V4.2h-3.6z',
  governance: 'M10 2.6l6 2.2v4.6c0 3.8-2.5 6.6-6 8-3.5-1.4-6-4.2-6-8V4.8zM7 9.8l2.2 2.2 3.8-4',
  sun: 'M10 6.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8ZM10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2',
  moon: 'M16.6 11.6A6.9 6.9 0 0 1 8.4 3.4a6.9 6.9 0 1 0 8.2 8.2Z',
  check: 'm4 10.6 4 4 8-9',
  copy: 'M7.2 7.2h9v9h-9zM12.8 7.2V3.8h-9v9h3.4',
  updown: 'm6.5 7.6 3.5-3.8 3.5 3.8M6.5 12.4l3.5 3.8 3.5-3.8',
  api: 'M7 5.5 2.6 10 7 14.5M13 5.5l4.4 4.5-4.4 4.5M11.4 3.6 8.6 16.4',
  out: 'M11.5 3.5h5v5M16.2 3.8 9.5 10.5M14 11.5v5H3.5V6h5',
  compass: 'M10 2.8a7.2 7.2 0 1 1 0 14.4 7.2 7.2 0 0 1 0-14.4ZM12.9 7.1l-1.6 4.2-4.2 1.6 1.6-4.2z',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) => (
  <svg
    className="icon"
    width={size}
    height={size}
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth={1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    style={{ flex: 'none' }}
  >
    <path d={paths[name]} />
  </svg>
);
