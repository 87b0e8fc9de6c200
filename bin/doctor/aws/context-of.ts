import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { checkModelChecks } from '../../../src/app/doctor/check-model-checks.ts';
import { checkModels } from '../../../src/app/doctor/check-models.ts';
import type { Check, DoctorContext } from '../../../src/app/doctor/finding.ts';
import { openAwsSecrets } from '../../../src/platform/aws/secrets.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { checkCapture } from './check-capture.ts';
import { checkIdentity } from './check-identity.ts';
import { checkLakeFormation } from './check-lake-formation.ts';
import { checkReplication } from './check-replication.ts';
import { checkAwsSecrets } from './check-secrets.ts';
import type { AwsDoctorContext } from './context.ts';

/** What is examined of the AWS target, in an order in which a person would fix things. */
export const AWS_CHECKS: readonly ((context: AwsDoctorContext) => ReturnType<Check>)[] = [
  checkIdentity,
  checkAwsSecrets,
  checkModels,
  checkModelChecks,
  checkLakeFormation,
  checkReplication,
  checkCapture,
];

/** The context as the AWS target sees it. */
export function awsContextOf(context: DoctorContext): AwsDoctorContext {
  const region = context.campus.aws?.region;
  const secretsManager = new SecretsManagerClient({ region });
  const secrets = openAwsSecrets({ secretsManager, clock: systemClock, root: context.campus.root });
  return { ...context, secrets, region };
}
