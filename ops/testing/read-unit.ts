/** The settings of a systemd unit by name; one that stands several times adds up. */
export const readUnit = (text: string): ReadonlyMap<string, readonly string[]> => {
  const found = text.split('\n').flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: value! }];
  });
  return new Map([...Map.groupBy(found, ({ name }) => name)].map(([name, all]) => [name, all.map(({ value }) => value)]));
};
