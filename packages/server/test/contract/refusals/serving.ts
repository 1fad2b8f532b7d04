import { endpoint, project, type Stage } from '../stage.ts';
import { absent, badCursor, type RefusalsOf } from './refusal.ts';

export const servingRefusals = ({
  client,
}: Stage): RefusalsOf<'endpoints' | 'traffic' | 'predictions' | 'feedback' | 'reports' | 'events'> => {
  const params = { project, endpoint };
  const unknown = { project, endpoint: 'unknown' };
  const none = { params: { project, predictionId: `${absent}.0` } };
  const deploy = (body: Parameters<typeof client.endpoints.deploy>[0]['body'], at = params) =>
    client.endpoints.deploy({ params: at, body });
  return {
    endpoints: {
      list: { invalid_request: ['unknown_cursor', () => client.endpoints.list({ params: { project }, query: badCursor })] },
      get: { not_found: [undefined, () => client.endpoints.get({ params: unknown })] },
      deploy: {
        invalid_request: ['bad_model_reference', () => deploy({ model: 'texts' })],
        not_found: ['unknown_alias', () => deploy({ model: 'texts@nobody' })],
        failed_precondition: ['endpoint_not_declared', () => deploy({}, unknown)],
        conflict: ['other_environment', () => deploy({ environment: 'staging' })],
      },
      deployments: {
        invalid_request: ['unknown_cursor', () => client.endpoints.deployments({ params, query: badCursor })],
        not_found: [undefined, () => client.endpoints.deployments({ params: unknown, query: {} })],
      },
    },
    traffic: { list: {} },
    predictions: {
      list: { not_found: [undefined, () => client.predictions.list({ params: { project }, query: { endpoint: 'unknown' } })] },
      get: { not_found: [undefined, () => client.predictions.get(none)] },
    },
    feedback: { give: {} },
    reports: {
      trace: { not_found: [undefined, () => client.reports.trace(none)] },
      overview: {},
      stories: {},
      story: { not_found: [undefined, () => client.reports.story({ params: { project, correlationId: absent }, query: {} })] },
    },
    events: { stream: {} },
  };
};
