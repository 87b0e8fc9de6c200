import { App, Validations } from 'aws-cdk-lib';
import { campusLake } from '../lib/campus-lake.ts';
import { settingsOf } from '../lib/settings.ts';
import { loadCampus } from '../src/campus/load.ts';
import { LakeError } from '../src/errors.ts';

/**
 * The CDK app: `npx cdk deploy --all`. It needs no credentials and looks nothing up. Context (`-c key=value`):
 * `campus` (another campus.yaml), `profile` (in place of the one in it), `delete-data` (see docs/deploy.md), `nag=true`
 * (judge every resource by cdk-nag's AwsSolutions, too).
 */
// The CDK's own check of templates takes longer than all the rest; cfn-lint does the same in the conformance suite.
const app = new App({ builtinCloudFormationValidation: false });
const text = (key: string): string | undefined => app.node.tryGetContext(key);

try {
  const loaded = await loadCampus(text('campus') ?? 'campus.yaml');
  campusLake(app, settingsOf(loaded, { profile: text('profile'), deleteData: text('delete-data') }));
  if (text('nag') === 'true') {
    // The tests judge both profiles by it. It loads half of the CDK's library, a fifth of the time of a synthesis.
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
} catch (error) {
  if (!(error instanceof LakeError)) throw error;
  console.error(`error: ${error.message}${error.hint ? `\nnext: ${error.hint}` : ''}`);
  process.exit(error.exitCode);
}
