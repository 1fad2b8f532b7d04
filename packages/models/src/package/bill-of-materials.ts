import manifest from '../../package.json' with { type: 'json' };
import type { Task } from './approach.ts';
import type { Digests } from './digests.ts';

/** Of others, that models use. */
export type Library = keyof typeof manifest.dependencies;
interface Materials {
  readonly task: Task;
  readonly approach: string;
  readonly digests: Digests;
  readonly libraries: readonly Library[];
}

/** CycloneDX 1.6. It has no serial number and no time, which are optional: the same training writes the same bytes. */
export const billOfMaterials = ({ task, approach, digests, libraries }: Materials): object => {
  const packages = [manifest, ...libraries.map((name) => ({ name, version: manifest.dependencies[name] }))].map(libraryOf);
  const files = [...digests].map(([name, content]) => ({
    type: 'file',
    'bom-ref': `file:${name}`,
    name,
    hashes: [{ alg: 'SHA-256', content }],
  }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'machine-learning-model',
        'bom-ref': 'model',
        name: `${task} by ${approach}`,
        modelCard: { modelParameters: { task, architectureFamily: approach } },
      },
    },
    components: [...packages, ...files],
    dependencies: [{ ref: 'model', dependsOn: [...packages, ...files].map((component) => component['bom-ref']) }],
  };
};

const libraryOf = ({ name, version }: { readonly name: string; readonly version: string }) => {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl };
};
