import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { databaseFault } from '../../database-fault.ts';
import { InputError } from '../../errors.ts';
import { StillRunningError } from '../../ports/errors.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { Clock } from '../../ports/platform.ts';
import type { WaitBudget } from '../../ports/query-engine.ts';
import type { SecretStore } from '../../ports/secrets.ts';
import type { Warehouse } from '../../ports/warehouse.ts';
import { WarehouseLoadError } from '../../warehouse/errors.ts';
import { PROCEDURES, readProcedures } from '../../warehouse/procedure-folder.ts';
import type { AwsPlaces } from './places.ts';
import { closeAccess, openAccess } from './warehouse/apply-access.ts';
import { DataApi, StatementError } from './warehouse/data-api.ts';
import { forgetReplaced } from './warehouse/forget-replaced.ts';
import { loadSet } from './warehouse/load-set.ts';
import { prepare } from './warehouse/prepare.ts';
import { takeStatements } from './warehouse/statement-history.ts';

export interface RedshiftWarehouseOptions {
  readonly redshift: RedshiftDataClient;
  /** Absent: what is deployed has no warehouse, as in the frugal profile. */
  readonly place: AwsPlaces['warehouse'];
  readonly objects: ObjectStore;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** Folder of the stored procedures. Default: the ones that come with the lake. */
  readonly procedures?: string;
}

/** Which publication is shown, for `describe`: asking Redshift would wake it, and that costs. */
const SHOWN = 'warehouse/publication';

/** The warehouse as Redshift Serverless, through its Data API. docs/decisions/ says why the files are loaded by COPY. */
export function openRedshiftWarehouse(options: RedshiftWarehouseOptions): Warehouse {
  const { place, objects, clock } = options;
  return {
    async load(publication, { tables }, listed = [], notes = {}, budget, policy) {
      if (!place) return { rows: 0 };
      const procedures = await readProcedures(options.procedures ?? PROCEDURES);
      try {
        const api = openApi(options, place, budget);
        await prepare(api, await readerOf(place.reader, options.secrets));
        const access = policy?.redshift(tables, place.reader.user);
        const closed = await closeAccess(api, access);
        const { isLoaded, ...loaded } = await loadSet(api, {
          publication,
          tables,
          listed,
          notes,
          reader: place.reader.user,
          procedures,
          copyRole: place.copyRoleArn,
          after: closed.refresh,
          now: budget?.startedAt ?? clock.now(),
        });
        await objects.putText(SHOWN, publication);
        const unopened = await openAccess(api, access, closed, isLoaded);
        return { rows: loaded.rows, remarks: [...loaded.remarks, ...unopened] };
      } catch (error) {
        if (error instanceof InputError || error instanceof StillRunningError) throw error;
        throw new WarehouseLoadError(
          `The warehouse could not be loaded with publication ${publication}: ${databaseFault(error)}`,
          {
            cause: error,
            about: 'warehouse',
            hint: 'It still shows what it showed before. Fix the cause and run again.',
          },
        );
      }
    },
    async forgetReplaced() {
      // Never loaded: nothing was replaced.
      if (!place || (await objects.getText(SHOWN)) === undefined) return;
      try {
        await forgetReplaced(openApi(options, place));
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        throw new WarehouseLoadError(
          `Replaced rows could not be removed from the warehouse: ${databaseFault(error)}`,
          {
            cause: error,
            about: 'warehouse',
            hint: 'VACUUM needs the user that loads, and no other VACUUM at the same time: repeat the command.',
          },
        );
      }
    },
    async takeStatements(record) {
      if (!place) return;
      try {
        await takeStatements(openApi(options, place), objects, record);
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        throw new WarehouseLoadError(
          `What users of Redshift have asked could not be put on record: ${databaseFault(error)}`,
          {
            cause: error,
            about: 'warehouse',
            hint: 'Redshift keeps it for seven days. Fix the cause and run again.',
          },
        );
      }
    },
    async describe() {
      if (!place) {
        throw new InputError('This target has no warehouse', {
          about: 'warehouse',
          hint: 'Set aws.warehouse.enabled: true in campus.yaml and deploy; Athena answers without one.',
        });
      }
      const { host, port, database, reader } = place;
      const publication = await objects.getText(SHOWN);
      return {
        url: `redshift://${encodeURIComponent(reader.user)}@${host}:${port}/${database}`,
        jdbc: `jdbc:redshift://${host}:${port}/${database}`,
        user: reader.user,
        passwordAt: reader.secretArn,
        ...(publication ? { publication } : {}),
      };
    },
  };
}

const openApi = (
  { redshift, clock }: RedshiftWarehouseOptions,
  { workgroup, database, loaderSecretArn: secretArn }: NonNullable<AwsPlaces['warehouse']>,
  budget?: WaitBudget,
): DataApi => new DataApi({ redshift, workgroup, database, secretArn, clock, ...(budget ? { budget } : {}) });

/** The reader's password; its secret is the password itself, or an object with it, as Redshift's own secrets are. */
async function readerOf(
  { user, secretArn }: NonNullable<AwsPlaces['warehouse']>['reader'],
  secrets: SecretStore,
): Promise<{ user: string; password: string }> {
  const text = await secrets.get({ secretsManager: secretArn });
  if (!text.trimStart().startsWith('{')) return { user, password: text };
  return { user, password: await secrets.get({ secretsManager: secretArn, field: 'password' }) };
}
