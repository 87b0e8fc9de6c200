import { App } from 'aws-cdk-lib';
import { campusLake } from '../../../lib/campus-lake.ts';
import { settingsOf } from '../../../lib/settings.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { synthForEmulator } from './adapt.ts';

/** The whole app, as bin/campus-lake.ts makes it. Context: `campus`, the file, and what `synthForEmulator` reads. */
const app = new App({ builtinCloudFormationValidation: false });
const loaded = await loadCampus(app.node.getContext('campus') as string);
campusLake(app, settingsOf(loaded, {}));
synthForEmulator(app);
