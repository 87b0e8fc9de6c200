import { App } from 'aws-cdk-lib';
import { NotifyStack } from '../../../lib/notify/notify-stack.ts';
import { PipelineStack } from '../../../lib/pipeline/pipeline-stack.ts';
import { ServeStack } from '../../../lib/serve/serve-stack.ts';
import { settingsOf } from '../../../lib/settings.ts';
import { StorageStack } from '../../../lib/storage/storage-stack.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { planFor } from '../../../src/pipeline/plan.ts';
import { synthForEmulator } from './adapt.ts';
import { lmsPart } from './lms-plan.ts';

/** The project's own stacks with the part of the plan that loads from the LMS. Context: `campus`, the file. */
const app = new App();
const loaded = await loadCampus(app.node.getContext('campus') as string);
const settings = settingsOf(loaded, {});
const storage = new StorageStack(app, settings);
const notify = new NotifyStack(app, { settings, key: storage.key });
const serve = new ServeStack(app, { settings, storage });
new PipelineStack(app, { settings, storage, serve, notify, plan: lmsPart(planFor(loaded.campus, FEATURES)) });
synthForEmulator(app);
