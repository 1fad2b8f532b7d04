/** Calls `act` at once, then at most every `everyMs`, and once more for what came in between. */
export const throttle = (act: () => void, everyMs: number) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const rest = () => {
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, everyMs);
  };
  const run = () => {
    again = false;
    act();
    rest();
  };
  return {
    run: (): void => {
      if (timer === undefined) run();
      else again = true;
    },
    stop: (): void => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
};
