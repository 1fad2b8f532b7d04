import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  aliasHandlers,
  bindInference,
  blobHandlers,
  type Caller,
  createApp,
  datasetHandlers,
  eventHandlers,
  experimentHandlers,
  manifestHandlers,
  modelHandlers,
  pipelineHandlers,
  projectHandlers,
  reportHandlers,
  reproductionHandlers,
  runHandlers,
  secretHandlers,
  servingHandlers,
  systemHandlers,
} from '../http/index.ts';
import { version } from '../version.ts';
import type { Modules } from './create-modules.ts';
import type { Platform } from './open-platform.ts';

interface Parts {
  readonly platform: Platform;
  readonly modules: Modules;
  readonly callerOf: (request: FastifyRequest) => Caller;
  readonly web?: string;
}

/** The contract and the facades over the modules. */
export const assemble = ({ platform, modules, callerOf, web }: Parts): FastifyInstance => {
  const { config, db, events, secrets, log, clock } = platform;
  const { projects, datasets, tracking, registry, pipelines, reproductions, serving, monitoring, reports } = modules;
  return createApp({
    log,
    maxBody: config.maxBody,
    ...(web !== undefined && { web }),
    door: { callerOf, resolveProject: projects.resolve, checkAnswers: config.checkAnswers },
    handlers: {
      system: systemHandlers({ db, events, startedAt: clock.now().toISOString(), lostPredictions: serving.lostPredictions }),
      projects: projectHandlers(projects),
      manifests: manifestHandlers(projects),
      blobs: blobHandlers(projects),
      secrets: secretHandlers(secrets),
      datasets: datasetHandlers(datasets),
      experiments: experimentHandlers(tracking),
      runs: { ...runHandlers(tracking), ...reproductionHandlers(reproductions) },
      models: modelHandlers(registry),
      aliases: aliasHandlers(registry),
      ...pipelineHandlers(pipelines),
      ...servingHandlers(serving, monitoring),
      reports: reportHandlers(reports),
      events: eventHandlers({ events }),
    },
    facades: [(app) => bindInference(app, { serving, callerOf, log, version, bodyLimit: config.maxBody })],
  });
};
