import { App, CfnResource } from 'aws-cdk-lib';
import { NotifyStack } from '../../../lib/notify/notify-stack.ts';
import { ServeStack } from '../../../lib/serve/serve-stack.ts';
import { settingsOf } from '../../../lib/settings.ts';
import { StorageStack } from '../../../lib/storage/storage-stack.ts';
import { loadCampus } from '../../../src/campus/load.ts';

/** The project's own stacks that hold data, and two that stand on them. Context: `campus`, `delete-data`. */

/**
 * Types that the emulator refuses; and CloudFormation's helper that empties buckets, whose function it cannot run: the
 * teardown empties them itself.
 */
const UNKNOWN = new Set(['AWS::Budgets::Budget', 'AWS::Athena::NamedQuery', 'Custom::S3AutoDeleteObjects']);

const app = new App();
const loaded = await loadCampus(app.node.getContext('campus') as string);
const settings = settingsOf(loaded, { deleteData: app.node.tryGetContext('delete-data') });
const storage = new StorageStack(app, settings);
new NotifyStack(app, { settings, key: storage.key });
new ServeStack(app, { settings, storage });
for (const node of app.node.findAll())
  if (CfnResource.isCfnResource(node) && UNKNOWN.has(node.cfnResourceType))
    node.node.scope?.node.tryRemoveChild(node.node.id);
app.synth();
