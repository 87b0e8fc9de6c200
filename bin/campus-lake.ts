import { bundleAhead } from '../lib/pipeline/bundle.ts';
import { LakeError } from '../src/errors.ts';

/**
 * The CDK app: `npx cdk deploy --all`. It needs no credentials and looks nothing up. Context (`-c key=value`):
 * `campus` (another campus.yaml), `environment` (one of those it describes), `profile` (in place of the one in it), `delete-data` (see docs/deploy.md), `nag=true`
 * (check every resource by cdk-nag's AwsSolutions, too).
 */
// The functions are bundled while the CDK is read in, which takes as long.
const bundling = bundleAhead();
const [{ App, Validations }, { campusLake }, { lakeSettings }, { loadCampus }] = await Promise.all([
  import('aws-cdk-lib'),
  import('../lib/campus-lake.ts'),
  import('../lib/embed.ts'),
  import('./load-campus.ts'),
]);

// The CDK's own check of templates takes longer than all the rest; cfn-lint does the same in the conformance suite.
const app = new App({ builtinCloudFormationValidation: false });
const text = (key: string): string | undefined => app.node.tryGetContext(key);

try {
  const file = text('campus') ?? 'campus.yaml';
  const environment = text('environment');
  if (environment !== undefined) process.env.LAKE_ENVIRONMENT = environment;
  const loaded = await loadCampus(file);
  const settings = await lakeSettings(loaded, {
    campus: file,
    profile: text('profile'),
    deleteData: text('delete-data'),
  });
  campusLake(app, settings, await bundling);
  if (text('nag') === 'true') {
    // The tests check both profiles by it. It loads half of the CDK's library, a fifth of the time of a synthesis.
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
} catch (error) {
  if (!(error instanceof LakeError)) throw error;
  console.error(`error: ${error.message}${error.hint ? `\nnext: ${error.hint}` : ''}`);
  process.exit(error.exitCode);
}
