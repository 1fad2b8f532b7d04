/** What a query of Prometheus names. */
export interface Asked {
  readonly metrics: readonly string[];
  readonly labels: readonly string[];
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);
const groupings = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;

/** The names in PromQL, or in a variable of Grafana's; enough of both for the files here, and no parser of the whole language. */
export const askedOf = (query: string): Asked => {
  const labels: string[] = [];
  const take = (text: string, pattern: RegExp): string =>
    text.replaceAll(pattern, (_, named: string) => {
      labels.push(...(named.match(/[a-z_]\w*(?=\s*(?:[=!]|,|$))/gi) ?? []));
      return ' ';
    });
  const bare = query.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '').replaceAll(/\[[^\]]*\]/g, '');
  const rest = take(take(take(bare, /\{([^}]*)\}/g), groupings), /(?<=label_values\([^,]*),\s*(\w+)(?=\))/g);
  const metrics = (rest.match(/(?<![\w.$])[a-z_:][\w:]*\b(?!\s*\()/gi) ?? []).filter((name) => !words.has(name.toLowerCase()));
  return { metrics: [...new Set(metrics)], labels: [...new Set(labels)] };
};
