import type { BoucleEvent } from '@boucle/contract';
import type { Webhooks } from '../notifications/index.ts';
import type { Alerts, Windows } from '../monitoring/index.ts';
import type { Triggers } from '../pipelines/index.ts';
import type { Events } from '../platform/index.ts';
import type { Projects } from '../projects/index.ts';
import type { Retrainings } from '../retraining/index.ts';
import type { Rollouts } from '../rollouts/index.ts';
import type { Serving } from '../serving/index.ts';

interface Parts {
  readonly events: Events;
  readonly projects: Projects;
  readonly serving: Serving;
  readonly triggers: Triggers;
  readonly windows: Windows;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly rollouts: Rollouts;
  readonly retrainings: Retrainings;
}

/**
 * News travels upward: what happened below is a hint to look, for those above. None of them relies on it: each finds what is due
 * in the database when it starts.
 */
export const wireNews = ({ events, projects, serving, webhooks, triggers, windows, alerts, rollouts, retrainings }: Parts): void => {
  const projectOf = ({ subject }: BoucleEvent) => projects.resolve(subject.project);
  events.listen(async (event) => {
    if (event.type === 'manifest.applied' || event.type === 'dataset_version.created') triggers.hint((await projectOf(event)).id);
  });
  events.listen(({ type }) => {
    if (type === 'manifest.applied' || type === 'deployment.ready') void windows.resync();
    else if (type === 'feedback.recorded') windows.hint();
  });
  events.listen(async (event) => alerts.onEvent(event, await projectOf(event)));
  events.listen(async (event) => webhooks.hear(event, await projectOf(event)));
  events.listen(rollouts.hear);
  events.listen(async (event) => retrainings.hear(event, await projectOf(event)));
  serving.onAnswered((endpointId) => {
    windows.hint(endpointId);
    alerts.answered(endpointId);
    const answered = serving.served().find(({ id }) => id === endpointId);
    if (answered) rollouts.look(answered.project, answered.name);
  });
};
