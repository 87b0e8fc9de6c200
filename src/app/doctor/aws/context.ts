import type { CloudAccount } from '../../../ports/cloud-account.ts';
import type { DoctorContext } from '../finding.ts';

/** What the checks of the AWS target share; the first ones add to it. */
export interface AwsDoctorContext extends DoctorContext {
  readonly account: CloudAccount;
  /** ARN of the caller. */
  caller?: string;
  /** Whether the lake was found in the account. Default: no. */
  deployed?: boolean;
}
