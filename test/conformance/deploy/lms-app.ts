import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { NotifyStack } from '../../../lib/notify/notify-stack.ts';
import { PipelineStack } from '../../../lib/pipeline/pipeline-stack.ts';
import { ServeStack } from '../../../lib/serve/serve-stack.ts';
import { settingsOf } from '../../../lib/settings.ts';
import { StorageStack } from '../../../lib/storage/storage-stack.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { planFor } from '../../../src/pipeline/plan.ts';
import { lmsPart } from './lms-plan.ts';

/**
 * The project's own stacks, as far as the emulator goes. Two differences: what it does not know at all is left out,
 * and functions bring a runtime that keeps the names of errors (see runtime/bootstrap).
 * Context: `campus`, the file.
 */

/** Types that the emulator refuses. */
const UNKNOWN = new Set(['AWS::Budgets::Budget', 'AWS::Athena::NamedQuery']);

const app = new App();
const loaded = await loadCampus(app.node.getContext('campus') as string);
const settings = settingsOf(loaded, {});
const storage = new StorageStack(app, settings);
const notify = new NotifyStack(app, { settings, key: storage.key });
const serve = new ServeStack(app, { settings, storage });
new PipelineStack(app, { settings, storage, serve, notify, plan: lmsPart(planFor(loaded.campus)) });

const seconds = app.node.tryGetContext('seconds') as string | undefined;
for (const node of app.node.findAll()) adapt(node);

const assembly = app.synth();
for (const name of readdirSync(assembly.directory)) {
  const folder = join(assembly.directory, name);
  if (existsSync(join(folder, 'run.mjs')))
    copyFileSync(join(import.meta.dirname, 'runtime/bootstrap'), join(folder, 'bootstrap'));
}

function adapt(node: IConstruct): void {
  if (!CfnResource.isCfnResource(node)) return;
  if (UNKNOWN.has(node.cfnResourceType)) node.node.scope?.node.tryRemoveChild(node.node.id);
  if (!(node instanceof CfnFunction) || !String(node.handler).endsWith('.handler')) return;
  node.runtime = 'provided.al2023';
  node.tracingConfig = { mode: 'PassThrough' };
  if (seconds !== undefined) node.timeout = Number(seconds);
}
