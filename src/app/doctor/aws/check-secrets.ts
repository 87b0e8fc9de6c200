import { LakeError } from '../../../errors.ts';
import { nameOfSecret } from '../../../platform/secrets.ts';
import type { SecretRef } from '../../../ports/secrets.ts';
import { secretRefs } from '../check-secrets.ts';
import { type Finding, fail, failed, ok } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/** Whether every secret that campus.yaml names lies where functions on AWS can read it. */
export async function checkAwsSecrets({ campus, secrets }: AwsDoctorContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  const refs = secretRefs(campus);
  for (const [use, ref] of refs) {
    const finding = await checkOne(use, ref, secrets);
    if (finding) findings.push(finding);
  }
  if (findings.length === 0 && refs.length > 0) {
    findings.push(ok('secrets', `${refs.length} of them, all in Secrets Manager`));
  }
  return findings;
}

async function checkOne(
  use: string,
  ref: SecretRef,
  secrets: AwsDoctorContext['secrets'],
): Promise<Finding | undefined> {
  if (!('secretsManager' in ref)) {
    return fail(
      'secrets',
      `${use}: ${nameOfSecret(ref)} lies on this machine, where functions on AWS cannot read it`,
      'put it into Secrets Manager, and name it: { secretsManager: NAME }',
    );
  }
  try {
    await secrets.get(ref);
    return undefined;
  } catch (error) {
    if (!(error instanceof LakeError)) throw error;
    return failed('secrets', error);
  }
}
