import { App, CfnResource } from 'aws-cdk-lib';
import { ServeStack } from '../../../lib/serve/serve-stack.ts';
import { settingsOf } from '../../../lib/settings.ts';
import { StorageStack } from '../../../lib/storage/storage-stack.ts';
import { loadCampus } from '../../../src/campus/load.ts';

/** The stacks whose resources have fixed names that an account may have already. Context: `campus`. */

const app = new App();
const settings = settingsOf(await loadCampus(app.node.getContext('campus') as string));
new ServeStack(app, { settings, storage: new StorageStack(app, settings) });
// The emulator refuses them.
for (const node of app.node.findAll())
  if (CfnResource.isCfnResource(node) && node.cfnResourceType === 'AWS::Athena::NamedQuery')
    node.node.scope?.node.tryRemoveChild(node.node.id);
app.synth();
