import type { FastifyInstance } from 'fastify';
import {
  alertHandlers,
  aliasHandlers,
  approvalHandlers,
  bindInference,
  bindMetrics,
  bindMlflow,
  blobHandlers,
  type CallerOf,
  createApp,
  createGate,
  datasetHandlers,
  eventHandlers,
  experimentHandlers,
  manifestHandlers,
  modelHandlers,
  monitorHandlers,
  pipelineHandlers,
  projectHandlers,
  reportHandlers,
  reproductionHandlers,
  retrainingHandlers,
  roleHandlers,
  rolloutHandlers,
  runHandlers,
  secretHandlers,
  servingHandlers,
  systemHandlers,
  tokenHandlers,
  uploadHandlers,
  userHandlers,
} from '../http/index.ts';
import { version } from '../version.ts';
import type { Modules } from './create-modules.ts';
import { createMetrics } from './metrics.ts';
import type { Platform } from './open-platform.ts';

interface Parts {
  readonly platform: Platform;
  readonly modules: Modules;
  readonly callerOf: CallerOf;
  readonly web?: string;
}

/** The contract and the facades over the modules. */
export const assemble = ({ platform, modules, callerOf, web }: Parts): FastifyInstance => {
  const { config, db, events, secrets, log, clock } = platform;
  const { approvals, whoMay, projects, datasets, tracking, registry, pipelines, triggers, reproductions, serving, monitoring, reports } =
    modules;
  const gate = createGate({ tracking, users: whoMay.users });
  return createApp({
    log,
    clock,
    maxBody: config.maxBody,
    ...(web !== undefined && { web }),
    door: { callerOf, resolveProject: projects.resolve, gate, checkAnswers: config.checkAnswers },
    handlers: {
      system: systemHandlers({
        db,
        events,
        startedAt: clock.now().toISOString(),
        lostPredictions: serving.lostPredictions,
        garbage: modules.garbage,
      }),
      projects: projectHandlers(projects),
      manifests: manifestHandlers(projects),
      blobs: blobHandlers(projects),
      secrets: secretHandlers(secrets),
      datasets: datasetHandlers(datasets),
      experiments: experimentHandlers(tracking),
      runs: { ...runHandlers(tracking), ...reproductionHandlers(reproductions) },
      uploads: uploadHandlers(tracking),
      models: modelHandlers(registry, serving),
      aliases: aliasHandlers(registry),
      approvals: approvalHandlers(approvals),
      users: userHandlers(whoMay, projects),
      roles: roleHandlers(whoMay),
      tokens: tokenHandlers(whoMay, projects),
      ...pipelineHandlers(pipelines, triggers),
      ...servingHandlers(serving, monitoring),
      monitors: monitorHandlers(modules.windows),
      ...alertHandlers(modules.alerts, modules.notifications),
      rollouts: rolloutHandlers(modules.rollouts),
      retrainings: retrainingHandlers(modules.retrainings),
      reports: reportHandlers(reports),
      events: eventHandlers({ events }),
    },
    facades: [
      (app) => bindMetrics(app, { collect: createMetrics(modules), callerOf }),
      (app) => bindInference(app, { serving, callerOf, log, version, bodyLimit: config.maxBody }),
      (app) =>
        bindMlflow(
          app,
          { tracking, registry, webhooks: modules.webhooks, users: whoMay.users },
          { callerOf, resolveProject: projects.resolve, gate, log, bodyLimit: config.maxBody, publicUrl: config.publicUrl },
        ),
    ],
  });
};
