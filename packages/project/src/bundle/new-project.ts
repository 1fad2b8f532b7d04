import { Name, invalid } from '@boucle/contract';
import Value from 'typebox/value';

/** What a new project is about: a file of texts, each with a label to be predicted. Left out: tweets, negative or other. */
export interface NewProject {
  readonly name?: string;
  readonly dataset?: string;
  /** The file of rows: relative to the project, or a path of its own. */
  readonly source?: string;
  /** Names of columns in the source. */
  readonly text?: string;
  readonly label?: string;
  readonly key?: string;
  /** All values of the label, where they are known. */
  readonly labels?: readonly string[];
  /** The label that is looked for: all others become `other`. */
  readonly positive?: string;
  /** Where alerts are sent, in Alertmanager's schema. */
  readonly webhook?: string;
}

export interface CompleteProject {
  readonly name: string;
  readonly dataset: string;
  readonly source: string;
  readonly text: string;
  readonly label: string;
  readonly key: string | undefined;
  readonly labels: readonly string[] | undefined;
  readonly positive: string | undefined;
  readonly webhook: string | undefined;
}

export const completeProject = (about: NewProject): CompleteProject => {
  // Without a file of one's own it is about tweets.
  const defaults =
    about.source === undefined
      ? {
          dataset: 'tweets',
          source: 'data/tweets.csv',
          text: 'text',
          label: 'sentiment',
          key: 'id',
          labels: ['negative', 'other'],
          positive: 'negative',
        }
      : { dataset: 'examples', source: about.source, text: 'text', label: 'label', key: undefined, labels: undefined, positive: undefined };
  const project = { name: 'sentiment', webhook: undefined, ...defaults, ...about };
  for (const name of [project.name, project.dataset]) {
    if (!isName(name)) throw invalid(`"${name}" cannot be a name here: use letters, digits, "-", "_" and "."`, 'bad_name');
  }
  if (project.text === project.label) throw invalid(`The column "${project.text}" cannot be both the text and the label`, 'same_column');
  if (project.positive !== undefined && project.labels && !project.labels.includes(project.positive)) {
    throw invalid(`"${project.positive}" is none of the labels ${project.labels.join(', ')}`, 'unknown_label');
  }
  return project;
};

const isName = (text: string): boolean => Value.Check(Name, text);
