import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../../../ports/objects.ts';
import type { PseudonymKeys } from '../../../privacy/pseudonym.ts';
import type { AwsPlaces } from '../places.ts';
import type { StatementRunner } from './run-statement.ts';

/** What staging and building a version use. */
export interface EngineContext extends StatementRunner {
  readonly places: AwsPlaces;
  readonly objects: ObjectStore;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  /** The campus's secret keys for pseudonyms; asked for when the first pseudonym is made. */
  readonly pseudonymKeys?: () => Promise<PseudonymKeys>;
}
