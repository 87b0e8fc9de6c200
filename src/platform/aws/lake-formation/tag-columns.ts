import { AddLFTagsToResourceCommand, type LakeFormationClient } from '@aws-sdk/client-lakeformation';
import pRetry, { AbortError } from 'p-retry';
import type { PrivacyClass } from '../../../campus/catalog-schema.ts';
import type { TableAddress } from '../athena/storage.ts';
import { called, isNamed } from '../errors.ts';
import { TaggingError } from './errors.ts';

/** The tag of this lake by which Lake Formation decides. */
export interface PrivacyTag {
  /** The account, which is the catalog's id. */
  readonly catalog: string;
  readonly key: string;
}

export interface RetryPolicy {
  /** How often a call is made at most. */
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly firstWaitMs: number;
}

/** Somebody else changes the same table at the moment, or the service is asked too much. */
const PASSING = ['ConcurrentModificationException', 'OperationTimeoutException', 'ThrottledException'];

/**
 * Gives columns of one table their class, by one call: in place of the one that they had or inherited.
 * @throws TaggingError where Lake Formation names columns that it did not tag, AwsCallError where the call failed
 */
export async function tagColumns(
  client: LakeFormationClient,
  tag: PrivacyTag,
  { database, name }: TableAddress,
  privacy: PrivacyClass,
  columns: readonly string[],
  { attempts, firstWaitMs }: RetryPolicy,
): Promise<void> {
  const command = new AddLFTagsToResourceCommand({
    CatalogId: tag.catalog,
    Resource: {
      TableWithColumns: {
        CatalogId: tag.catalog,
        DatabaseName: database,
        Name: name,
        ColumnNames: [...columns],
      },
    },
    LFTags: [{ TagKey: tag.key, TagValues: [privacy] }],
  });
  const doing = `Tagging columns of ${database}.${name} as ${privacy}`;
  const { Failures = [] } = await called(
    doing,
    name,
    pRetry(
      () =>
        client.send(command).catch((error: Error) => {
          throw isNamed(error, ...PASSING) ? error : new AbortError(error);
        }),
      { retries: attempts - 1, minTimeout: firstWaitMs, factor: 2 },
    ),
  );
  const [failure] = Failures;
  if (!failure) return;
  const { ErrorCode = 'no code', ErrorMessage = '' } = failure.Error ?? {};
  throw new TaggingError(`${doing} failed: ${ErrorCode}`, {
    cause: new Error(ErrorMessage),
    about: `${database}.${name}`,
    hint: 'Deploy the access stack again: it makes the tag and lets the pipeline put it on tables.',
  });
}
