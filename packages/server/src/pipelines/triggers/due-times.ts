import { Cron } from 'croner';

interface Schedule {
  readonly schedule: string;
  /** IANA's name. */
  readonly zone: string;
}

/**
 * As Vixie's cron has it: a fixed time that the clocks skip is due when they have leapt, one that they show twice is due the first time;
 * what is due every so often goes on through both.
 */
const cronOf = ({ schedule, zone }: Schedule): Cron =>
  new Cron(schedule, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });

/** What is wrong with a schedule, as a sentence's end; undefined where nothing is. */
export const scheduleFault = (asked: Schedule): string | undefined => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: asked.zone });
  } catch {
    return `"${asked.zone}" is no time zone; write IANA's name, as in Europe/Berlin`;
  }
  try {
    if (cronOf(asked).nextRun(new Date('2026-01-01T00:00:00Z')) === null) return `"${asked.schedule}" is never due`;
  } catch (error) {
    const said = (error as Error).message.replace(/^CronPattern: /, '');
    return `"${asked.schedule}" is no schedule (${said}); write minute, hour, day, month and weekday, as in "0 6 * * 1"`;
  }
  return undefined;
};

/** The first due time after a moment. */
export const nextDue = (asked: Schedule, after: Date): Date | null => cronOf(asked).nextRun(after);

/** Due times from one moment to another, both included, oldest first; at most so many. */
export const dueTimes = (asked: Schedule, { from, to, limit }: { from: Date; to: Date; limit: number }): Date[] => {
  const cron = cronOf(asked);
  const found: Date[] = [];
  let due = cron.nextRun(new Date(from.getTime() - 1));
  while (due && due <= to && found.length < limit) {
    // Cron counts in seconds: a moment just after a due time is no second due time.
    if (due >= from) found.push(due);
    due = cron.nextRun(due);
  }
  return found;
};
