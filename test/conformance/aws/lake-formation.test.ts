import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import {
  CreateLFTagCommand,
  GetResourceLFTagsCommand,
  LakeFormationClient,
} from '@aws-sdk/client-lakeformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVACY_CLASSES } from '../../../src/campus/catalog-schema.ts';
import { openLakeFormationGuard } from '../../../src/platform/aws/lake-formation/guard.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { clientConfig } from './clients.ts';
import { startMoto } from './moto.ts';
import type { PythonServer } from './python-server.ts';

const ACCOUNT = '123456789012';
const TAG = 'campus-lake-privacy';

let moto: PythonServer;
let folder: string;
let glue: GlueClient;
let lakeFormation: LakeFormationClient;
/** How often Lake Formation was asked to tag. */
let calls = 0;
/** Refuses so many of the next calls, as when somebody else changes the same table. */
let refusals = 0;

beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(path.join(tmpdir(), 'lake-formation-'));
  glue = new GlueClient(clientConfig(moto.endpoint));
  lakeFormation = new LakeFormationClient(clientConfig(moto.endpoint));
  lakeFormation.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== 'AddLFTagsToResourceCommand') return next(args);
      calls += 1;
      if (refusals === 0) return next(args);
      refusals -= 1;
      const busy = new Error('The resource is being changed');
      throw Object.assign(busy, { name: 'ConcurrentModificationException', $metadata: {} });
    },
    { step: 'initialize' },
  );
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake_canvas' } }));
});
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

const guard = (tagKey = TAG) =>
  openLakeFormationGuard({
    lakeFormation,
    glue,
    ledger: openLocalLedger(path.join(folder, tagKey)),
    places: { account: ACCOUNT, databasePrefix: 'lake_' },
    tagKey,
    reachMode: async () => ({ changed: 0 }),
    retries: { attempts: 3, firstWaitMs: 1 },
  });

const makeTable = (name: string, columns: readonly string[]) =>
  glue.send(
    new CreateTableCommand({
      DatabaseName: 'lake_canvas',
      TableInput: { Name: name, StorageDescriptor: { Columns: columns.map((Name) => ({ Name })) } },
    }),
  );

/** The class of each column of a table as Lake Formation has it. */
async function classesOf(name: string, columns: readonly string[]) {
  const { LFTagsOnColumns = [] } = await lakeFormation.send(
    new GetResourceLFTagsCommand({
      CatalogId: ACCOUNT,
      Resource: {
        TableWithColumns: {
          CatalogId: ACCOUNT,
          DatabaseName: 'lake_canvas',
          Name: name,
          ColumnNames: [...columns],
        },
      },
    }),
  );
  return Object.fromEntries(
    LFTagsOnColumns.map(({ Name = '', LFTags = [] }) => [
      Name,
      LFTags.map(({ TagKey, TagValues }) => `${TagKey}=${TagValues}`).join(),
    ]),
  );
}

describe('The privacy classes as tags of Lake Formation', () => {
  const users = { table: 'canvas.users', columns: { id: 'direct', name: 'direct', locale: 'none' } } as const;
  const soon = { table: 'canvas.soon', columns: { id: 'none' } } as const;

  it('are on every column that is there, changed where they change, and only then asked for', async () => {
    await lakeFormation.send(
      new CreateLFTagCommand({ CatalogId: ACCOUNT, TagKey: TAG, TagValues: [...PRIVACY_CLASSES] }),
    );
    await makeTable('users', ['id', 'name', 'locale', '_ts']);
    const columns = ['id', 'name', 'locale'];

    expect(await guard().classify([users, soon])).toEqual({ columns: 3 });
    expect(await classesOf('users', columns)).toEqual({
      id: `${TAG}=direct`,
      name: `${TAG}=direct`,
      locale: `${TAG}=none`,
    });
    expect(calls).toBe(2);

    // Another process, the same ledger: nothing is new.
    expect(await guard().classify([users, soon])).toEqual({ columns: 0 });
    expect(calls).toBe(2);

    refusals = 2;
    const stricter = { ...users, columns: { ...users.columns, locale: 'quasi' } } as const;
    expect(await guard().classify([stricter])).toEqual({ columns: 1 });
    expect(await classesOf('users', columns)).toMatchObject({
      name: `${TAG}=direct`,
      locale: `${TAG}=quasi`,
    });
    expect(calls).toBe(5);
  });

  it('are put again on a table that was made again', async () => {
    await glue.send(new DeleteTableCommand({ DatabaseName: 'lake_canvas', Name: 'users' }));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await makeTable('users', ['id', 'name', 'locale']);

    expect(await guard().classify([users])).toEqual({ columns: 3 });
  });

  it('that cannot be put on one table are put on the others, and asked for again', async () => {
    await makeTable('soon', ['id']);
    refusals = 3;
    const failed = await guard()
      .classify([soon])
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      name: 'TaggingError',
      message: expect.stringMatching(
        /^Tagging columns of lake_canvas\.soon as none failed: ConcurrentModificationException\. /,
      ),
    });
    expect(await guard().classify([soon])).toEqual({ columns: 1 });

    // The tag of a lake that was never deployed.
    await expect(guard('other-privacy').classify([users, soon])).rejects.toMatchObject({
      name: 'TaggingError',
      message: expect.stringMatching(/EntityNotFoundException.*So did 1 more\./),
    });
  });
});
