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

/** The patient as the AWS target sees it, and what is examined, in an order in which a person would mend things. */
export function awsExamination(patient: Patient): { patient: AwsPatient; checks: readonly Check[] } {
  const region = patient.campus.aws?.region;
  const secretsManager = new SecretsManagerClient({ region });
  const secrets = openAwsSecrets({ secretsManager, clock: systemClock, root: patient.campus.root });
  const aws: AwsPatient = { ...patient, secrets, region };
  const of =
    (check: (one: AwsPatient) => ReturnType<Check>): Check =>
    () =>
      check(aws);
  const checks = [
    of(checkIdentity),
    of(checkAwsSecrets),
    checkModels,
    checkModelChecks,
    of(checkLakeFormation),
    of(checkReplication),
    of(checkCapture),
  ];
  return { patient: aws, checks };
}
