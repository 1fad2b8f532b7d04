/** What the last stage of a Dockerfile says of the process that it starts. */
export interface Image {
  readonly stages: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly health: readonly string[];
  readonly user: string;
  readonly volume: string;
  readonly stopSignal: string;
}

/** Of the forms that Docker allows, those that ours uses; each instruction stands at most once in the last stage, but for COPY and RUN. */
export const readDockerfile = (text: string): Image => {
  const lines = text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const said = (instruction: string): string => {
    const line = last.find((one) => one.startsWith(`${instruction} `));
    if (line === undefined) throw new Error(`The last stage has no ${instruction}`);
    return line.slice(instruction.length + 1);
  };
  const list = (instruction: string): string[] => JSON.parse(said(instruction).replace(/^.*?(?=\[)/, '')) as string[];
  return {
    stages: lines.filter((line) => line.startsWith('FROM ')).map((line) => line.slice('FROM '.length)),
    env: pairs(said('ENV')),
    command: [...list('ENTRYPOINT'), ...list('CMD')],
    health: list('HEALTHCHECK'),
    user: said('USER'),
    volume: said('VOLUME'),
    stopSignal: said('STOPSIGNAL'),
  };
};

/** `A=1 B=2`, as in Docker's ENV and systemd's Environment. */
export const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(' ').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
