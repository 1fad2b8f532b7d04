import type { StepOptions } from '@boucle/contract';

export const timeoutMsOf = ({ timeout }: StepOptions): number | undefined => {
  const [, number, unit] = /^(\d+)(ms|s|m|h)$/.exec(timeout ?? '') ?? [];
  return unit === undefined ? undefined : Math.max(1, Number(number) * unitMs[unit as keyof typeof unitMs]);
};

export const memoryBytesOf = ({ resources }: StepOptions): number | undefined => {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(resources?.memory ?? '') ?? [];
  return unit === undefined ? undefined : Number(number) * (unit === 'Gi' ? 2 ** 30 : 2 ** 20);
};

/** As it is written in a step's options. */
export const memoryText = (bytes: number): string => {
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  return mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
};

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
