import type { AlertNews } from '@boucle/contract';

const words = { firing: 'Firing', resolved: 'Resolved', test: 'Test' } as const;

/** One line that says what it is about, without anything that could end a line. */
export const headline = ({ about, labels }: AlertNews): string => {
  const { alertname = '', severity = '', project = '', endpoint = '' } = labels;
  const group = Object.entries(labels).filter(([name]) => !['alertname', 'severity', 'project', 'monitor', 'endpoint'].includes(name));
  const values = group.length === 0 ? '' : ` (${group.map(([name, value]) => `${name} ${value}`).join(', ')})`;
  const where = [project, endpoint].filter((part) => part !== '').join('/');
  return `[${words[about]}${about === 'firing' && severity !== '' ? `, ${severity}` : ''}] ${alertname}${values}${where === '' ? '' : `, ${where}`}`
    .replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ')
    .slice(0, 200);
};
