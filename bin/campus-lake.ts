import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { campusLake } from '../lib/campus-lake.ts';
import { settingsOf } from '../lib/settings.ts';
import { loadCampus } from '../src/campus/load.ts';
import { LakeError } from '../src/errors.ts';

/**
 * The CDK app: `npx cdk deploy --all`. It needs no credentials and looks nothing up. Context (`-c key=value`):
 * `campus` (another campus.yaml), `profile` (in place of the one in it), `delete-data` (see docs/deploy.md).
 */
// The CDK's own check of templates takes longer than all the rest; cfn-lint does the same in the conformance suite.
const app = new App({ builtinCloudFormationValidation: false });
const text = (key: string): string | undefined => app.node.tryGetContext(key);

try {
  const loaded = await loadCampus(text('campus') ?? 'campus.yaml');
  campusLake(app, settingsOf(loaded, { profile: text('profile'), deleteData: text('delete-data') }));
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
} catch (error) {
  if (!(error instanceof LakeError)) throw error;
  console.error(`error: ${error.message}${error.hint ? `\nnext: ${error.hint}` : ''}`);
  process.exit(error.exitCode);
}
