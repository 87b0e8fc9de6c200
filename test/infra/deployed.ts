import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { campusLake } from '../../lib/campus-lake.ts';
import type { Settings } from '../../lib/settings.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Deployed {
  /** Resources by stack (without the lake's name) and logical id. */
  readonly stacks: ReadonlyMap<string, Readonly<Record<string, Resource>>>;
  readonly outputs: ReadonlyMap<string, Readonly<Record<string, { readonly Value: unknown }>>>;
  /** Bytes of each template. */
  readonly bytes: ReadonlyMap<string, number>;
  readonly protectedStacks: readonly string[];
  /** What synth warns of. */
  readonly warnings: readonly string[];
  /** What the CDK would ask AWS for before it can synthesize. */
  readonly lookUps: readonly string[];
}

const ROOT = join(import.meta.dirname, '../..');
const context = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context as Record<string, unknown>;

/**
 * Synthesizes the app as `bin/campus-lake.ts` does, functions unbundled.
 * @param judged whether cdk-nag looks at it. Default: it does
 * @throws what cdk-nag finds
 */
export function deploy(settings: Settings, { judged = true } = {}): Deployed {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const app = new App({
      outdir,
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true },
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
      treeMetadata: false,
    });
    campusLake(app, settings);
    if (judged) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const { stacks, manifest } = app.synth();
    const short = (name: string) => name.replace(`${settings.name}-`, '');
    const by = <T>(pick: (template: Record<string, never>) => T) =>
      new Map(stacks.map((stack) => [short(stack.stackName), pick(stack.template)]));
    return {
      stacks: by((template) => template.Resources ?? {}),
      outputs: by((template) => template.Outputs ?? {}),
      bytes: by((template) => Buffer.byteLength(JSON.stringify(template))),
      lookUps: (manifest.missing ?? []).map(({ key }) => key),
      warnings: stacks.flatMap(({ messages }) =>
        messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data)),
      ),
      protectedStacks: stacks.filter((stack) => stack.terminationProtection).map((s) => short(s.stackName)),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Resources of one type in all stacks, with their ids as `stack/id`. */
export function ofType(deployed: Deployed, type: string): [string, Resource][] {
  return [...deployed.stacks].flatMap(([stack, resources]) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]): [string, Resource] => [`${stack}/${id}`, resource]),
  );
}
