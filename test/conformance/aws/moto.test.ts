import {
  CreateEndpointCommand,
  DatabaseMigrationServiceClient,
  DescribeReplicationTasksCommand,
} from '@aws-sdk/client-database-migration-service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCaptureRules } from '../../../src/platform/aws/dms/capture-rules.ts';
import { taskSettings } from '../../../src/platform/aws/dms/task-settings.ts';
import { DmsTasks } from '../../../src/platform/aws/dms/tasks.ts';
import { mappingsFor } from '../../contract/replication.ts';
import { clientConfig } from './clients.ts';
import { startMoto } from './moto.ts';
import type { PythonServer } from './python-server.ts';

const LOBS = { commitRate: 10_000, lobMaxSize: 62 };
let moto: PythonServer;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());

describe('the shapes of DMS, as moto knows them', () => {
  it('are those in which tasks are made, found, started, stopped and deleted', async () => {
    const dms = new DatabaseMigrationServiceClient(clientConfig(moto.endpoint));
    const endpoint = async (
      EndpointIdentifier: string,
      EndpointType: 'source' | 'target',
      EngineName: string,
    ) => {
      const made = await dms.send(
        new CreateEndpointCommand({ EndpointIdentifier, EndpointType, EngineName }),
      );
      return made.Endpoint!.EndpointArn!;
    };
    const place = {
      instanceArn: 'arn:aws:dms:us-east-1:123456789012:rep:LAKE',
      sourceEndpointArn: await endpoint('source', 'source', 'postgres'),
      targetEndpointArn: await endpoint('target', 'target', 's3'),
    };
    const tasks = new DmsTasks(dms, place, 'sis', 'full-load');
    const state = async () => (await tasks.list()).get('lake-sis-1')?.status;
    const mappings = JSON.stringify(mappingsFor('registrar', ['student']));

    const given = async () => {
      const { ReplicationTasks: [task] = [] } = await dms.send(new DescribeReplicationTasksCommand());
      return task;
    };

    const before = await tasks.list();
    await tasks.create('lake-sis-1', mappings, JSON.stringify(taskSettings({ subTasks: 4, ...LOBS })));
    const made = (await tasks.list()).get('lake-sis-1')!;
    const states: (string | undefined)[] = [made.status];
    const { TableMappings, MigrationType } = (await given())!;
    await tasks.start(made, 'start-replication');
    states.push(await state());
    await tasks.stop(made);
    states.push(await state());
    await tasks.delete(made);
    const capturing = new DmsTasks(dms, place, 'sis', 'full-load-and-cdc');
    const settings = JSON.stringify(taskSettings({ subTasks: 4, ...LOBS, capturesChanges: true }));
    await capturing.create('lake-sis-c1', JSON.stringify(withCaptureRules(JSON.parse(mappings))), settings);
    const follower = (await capturing.list()).get('lake-sis-c1')!;
    const asked = await given();
    await capturing.delete(follower);

    expect(before.size).toBe(0);
    expect([TableMappings, MigrationType]).toEqual([mappings, 'full-load']);
    expect(asked?.MigrationType).toBe('full-load-and-cdc');
    expect(asked?.TableMappings).toContain('$AR_H_CHANGE_SEQ');
    expect(asked?.ReplicationTaskSettings).toContain('"HandleSourceTableTruncated":false');
    expect(states).toEqual(['creating', 'running', 'stopped']);
    expect(await state()).toBeUndefined();
  });
});
