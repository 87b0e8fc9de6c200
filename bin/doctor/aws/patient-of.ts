import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { checkModelChecks } from '../../../src/app/doctor/check-model-checks.ts';
import { checkModels } from '../../../src/app/doctor/check-models.ts';
import type { Check, Patient } from '../../../src/app/doctor/finding.ts';
import { openAwsSecrets } from '../../../src/platform/aws/secrets.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { checkCapture } from './check-capture.ts';
import { checkIdentity } from './check-identity.ts';
import { checkLakeFormation } from './check-lake-formation.ts';
import { checkReplication } from './check-replication.ts';
import { checkAwsSecrets } from './check-secrets.ts';
import type { AwsPatient } from './patient.ts';

/** What is examined of the AWS target, in an order in which a person would fix things. */
export const AWS_CHECKS: readonly ((patient: AwsPatient) => ReturnType<Check>)[] = [
  checkIdentity,
  checkAwsSecrets,
  checkModels,
  checkModelChecks,
  checkLakeFormation,
  checkReplication,
  checkCapture,
];

/** The patient as the AWS target sees it. */
export function awsPatientOf(patient: Patient): AwsPatient {
  const region = patient.campus.aws?.region;
  const secretsManager = new SecretsManagerClient({ region });
  const secrets = openAwsSecrets({ secretsManager, clock: systemClock, root: patient.campus.root });
  return { ...patient, secrets, region };
}
