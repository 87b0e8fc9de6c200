import { checkModelChecks } from '../check-model-checks.ts';
import { checkModels } from '../check-models.ts';
import type { Check } from '../finding.ts';
import { checkCapture } from './check-capture.ts';
import { checkFunctions } from './check-functions.ts';
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
  checkFunctions,
  checkReplication,
  checkCapture,
];
