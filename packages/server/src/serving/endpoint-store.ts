import type { Deployment, Endpoint, Paging } from '@boucle/contract';
import { decodeCursor, pageOf, type Tx } from '../platform/index.ts';

interface EndpointRow {
  id: string;
  project_id: string;
  project: string;
  name: string;
  environment: string;
  deployment_id: string | null;
  created_at: string;
}
interface DeploymentRow {
  id: string;
  project_id: string;
  endpoint_id: string;
  number: number;
  variants: string;
  salt: string;
  rollout_id: string | null;
  reference: string;
  log: Deployment['log'];
  status: Deployment['status'];
  message: string | null;
  created_at: string;
  created_by: string;
  correlation_id: string;
}
type Tables = { endpoint: EndpointRow; deployment: DeploymentRow };

/** An endpoint as it is kept: what answers there is said by id. */
export interface EndpointRecord {
  readonly id: string;
  readonly project: { readonly id: string; readonly name: string };
  readonly name: string;
  readonly environment: string;
  readonly deploymentId: string | null;
  readonly createdAt: string;
}
/** The status of a deployment and its message are all of it that ever changes. */
export type DeploymentStatus = Pick<Deployment, 'status' | 'message'>;

const endpointOf = (r: EndpointRow): EndpointRecord => ({
  id: r.id,
  project: { id: r.project_id, name: r.project },
  name: r.name,
  environment: r.environment,
  deploymentId: r.deployment_id,
  createdAt: r.created_at,
});
const deploymentOf = (r: DeploymentRow & { project: string; endpoint: string }): Deployment => ({
  id: r.id,
  project: r.project,
  endpoint: r.endpoint,
  number: r.number,
  variants: JSON.parse(r.variants) as Deployment['variants'],
  salt: r.salt,
  rolloutId: r.rollout_id,
  reference: r.reference,
  log: r.log,
  status: r.status,
  message: r.message,
  createdAt: r.created_at,
  createdBy: r.created_by,
  correlationId: r.correlation_id,
});
export const presentEndpoint = (endpoint: EndpointRecord, deployment: Deployment | undefined): Endpoint => ({
  id: endpoint.id,
  project: endpoint.project.name,
  name: endpoint.name,
  environment: endpoint.environment,
  deployment: deployment ?? null,
  createdAt: endpoint.createdAt,
});

export const endpointStore = (tx: Tx) => {
  const db = tx.withTables<Tables>();
  const deployments = db
    .selectFrom('deployment')
    .innerJoin('endpoint', 'endpoint.id', 'deployment.endpoint_id')
    .selectAll('deployment')
    .select(['endpoint.project', 'endpoint.name as endpoint']);
  return {
    insert: async (endpoint: Omit<EndpointRecord, 'deploymentId'>): Promise<void> => {
      await db
        .insertInto('endpoint')
        .values({
          id: endpoint.id,
          project_id: endpoint.project.id,
          project: endpoint.project.name,
          name: endpoint.name,
          environment: endpoint.environment,
          deployment_id: null,
          created_at: endpoint.createdAt,
        })
        .onConflict((c) => c.columns(['project_id', 'name']).doNothing())
        .execute();
    },
    /** Locked until the write ends, so that deployments of one endpoint are numbered one by one. */
    lock: async (projectId: string, name: string): Promise<EndpointRecord | undefined> => {
      const row = await db
        .updateTable('endpoint')
        .set((eb) => ({ name: eb.ref('name') }))
        .where('project_id', '=', projectId)
        .where('name', '=', name)
        .returningAll()
        .executeTakeFirst();
      return row && endpointOf(row);
    },
    find: async (projectId: string, name: string): Promise<EndpointRecord | undefined> => {
      const row = await db
        .selectFrom('endpoint')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('name', '=', name)
        .executeTakeFirst();
      return row && endpointOf(row);
    },
    all: async (): Promise<EndpointRecord[]> => (await db.selectFrom('endpoint').selectAll().orderBy('id').execute()).map(endpointOf),
    list: async (projectId: string, { limit, cursor }: Paging) => {
      let query = db
        .selectFrom('endpoint')
        .selectAll()
        .where('project_id', '=', projectId)
        .orderBy('name')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('name', '>', decodeCursor(cursor, ['string'])[0]);
      return pageOf(await query.execute(), limit, { item: endpointOf, at: ({ name }) => [name] });
    },
    pointTo: async (endpointId: string, deploymentId: string): Promise<void> => {
      await db.updateTable('endpoint').set({ deployment_id: deploymentId }).where('id', '=', endpointId).execute();
    },
    lastNumber: async (endpointId: string): Promise<number> => {
      const row = await db
        .selectFrom('deployment')
        .select((eb) => eb.fn.max('number').as('last'))
        .where('endpoint_id', '=', endpointId)
        .executeTakeFirst();
      return row?.last ?? 0;
    },
    insertDeployment: async (endpoint: EndpointRecord, deployment: Deployment): Promise<void> => {
      await db
        .insertInto('deployment')
        .values({
          id: deployment.id,
          project_id: endpoint.project.id,
          endpoint_id: endpoint.id,
          number: deployment.number,
          variants: JSON.stringify(deployment.variants),
          salt: deployment.salt,
          rollout_id: deployment.rolloutId,
          reference: deployment.reference,
          log: deployment.log,
          status: deployment.status,
          message: deployment.message,
          created_at: deployment.createdAt,
          created_by: deployment.createdBy,
          correlation_id: deployment.correlationId,
        })
        .execute();
    },
    setStatus: async (id: string, { status, message }: DeploymentStatus): Promise<void> => {
      await db.updateTable('deployment').set({ status, message }).where('id', '=', id).execute();
    },
    findDeployment: async (projectId: string, id: string): Promise<Deployment | undefined> => {
      const row = await deployments.where('deployment.project_id', '=', projectId).where('deployment.id', '=', id).executeTakeFirst();
      return row && deploymentOf(row);
    },
    /** What has to be brought up at the start: what answers now, and what was on its way. */
    toBringUp: async (endpointId: string, deploymentId: string | null): Promise<Deployment[]> =>
      (
        await deployments
          .where('deployment.endpoint_id', '=', endpointId)
          .where((eb) =>
            eb.or([eb('deployment.status', '=', 'starting'), ...(deploymentId === null ? [] : [eb('deployment.id', '=', deploymentId)])]),
          )
          .orderBy('deployment.number')
          .execute()
      ).map(deploymentOf),
    /** Newest first. */
    deployments: async (endpointId: string, { limit, cursor }: Paging) => {
      let query = deployments
        .where('deployment.endpoint_id', '=', endpointId)
        .orderBy('deployment.number', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) query = query.where('deployment.number', '<', decodeCursor(cursor, ['number'])[0]);
      return pageOf(await query.execute(), limit, { item: deploymentOf, at: ({ number }) => [number] });
    },
  };
};
