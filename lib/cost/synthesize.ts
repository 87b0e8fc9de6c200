import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { campusLake } from '../campus-lake.ts';
import type { Settings } from '../settings.ts';
import type { Resource } from './template.ts';

/** The context in which `npx cdk` synthesizes. */
const context = (
  JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as { context: object }
).context;

/** Every resource that the lake would deploy. Nothing is bundled, nothing is left on the disk. */
export function resourcesOf(settings: Settings): Resource[] {
  const outdir = mkdtempSync(join(tmpdir(), 'lake-cost-'));
  try {
    const app = new App({
      outdir,
      context: {
        ...context,
        'aws:cdk:bundling-stacks': [],
        'aws:cdk:disable-stack-trace': true,
        // Warnings about the campus are for whoever deploys it.
        '@aws-cdk/core:failSynthOnValidationErrors': false,
      },
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
      treeMetadata: false,
    });
    campusLake(app, settings);
    const { stacks } = app.synth();
    return stacks.flatMap(({ stackName, template }) =>
      Object.entries((template as Template).Resources ?? {}).map(([id, { Type, Properties }]) => ({
        id: `${stackName}/${id}`,
        type: Type,
        properties: Properties ?? {},
      })),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Template {
  readonly Resources?: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}
