import type { DoctorContext } from '../../../src/app/doctor/finding.ts';
import type { AwsPlaces } from '../../../src/platform/aws/places.ts';

/** What the checks of the AWS target share; the first ones add to it. */
export interface AwsDoctorContext extends DoctorContext {
  /** Absent: that of the credentials. */
  readonly region?: string;
  /** ARN of whoever calls. */
  caller?: string;
  /** Absent: nothing is deployed, or it was not found. */
  places?: AwsPlaces;
}
