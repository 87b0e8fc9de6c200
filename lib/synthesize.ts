import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { campusLake } from './campus-lake.ts';
import type { Settings } from './settings.ts';

/** A resource as its template declares it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface StackTemplate {
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The context in which `npx cdk` synthesizes. */
const context = (
  JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as { context: object }
).context;

/**
 * The templates that `npx cdk deploy --all` would send, by the names of their stacks, in order of deployment. Nothing
 * is bundled, nothing is left on the disk.
 * @throws DeployError for a campus.yaml that cannot be deployed
 */
export function templatesOf(settings: Settings): ReadonlyMap<string, StackTemplate> {
  const outdir = mkdtempSync(join(tmpdir(), 'lake-synth-'));
  try {
    const app = new App({
      outdir,
      context: {
        ...context,
        'aws:cdk:bundling-stacks': [],
        'aws:cdk:disable-stack-trace': true,
        // Warnings about the campus concern the person who deploys it.
        '@aws-cdk/core:failSynthOnValidationErrors': false,
      },
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
      treeMetadata: false,
    });
    campusLake(app, settings);
    const { stacks } = app.synth();
    return new Map(stacks.map(({ stackName, template }) => [stackName, template as StackTemplate]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
