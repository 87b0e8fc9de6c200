import {
  type DatabaseMigrationServiceClient,
  DescribeConnectionsCommand,
  DescribeEndpointsCommand,
  ModifyEndpointCommand,
  type S3Settings,
  TestConnectionCommand,
} from '@aws-sdk/client-database-migration-service';
import { called, isNamed } from '../errors.ts';
import { serviceReason } from '../service-words.ts';
import { ReplicationError } from './errors.ts';
import type { EndpointPlace } from './task.ts';

/** Without an instance a replication tests its connections itself, each time that it is started. */
type Place = EndpointPlace & { readonly instanceArn?: string };

/** Where DMS reads and writes. */
export class DmsEndpoints {
  readonly #dms: DatabaseMigrationServiceClient;
  readonly #place: Place;
  readonly #source: string;

  constructor(dms: DatabaseMigrationServiceClient, place: Place, source: string) {
    this.#dms = dms;
    this.#place = place;
    this.#source = source;
  }

  /** Whether tasks that start or resume now write below this folder. An update of CloudFormation sets its own again. */
  async writesBelow(folder: string): Promise<boolean> {
    const settings = await this.#target(`Looking up the folder of the raw zone for ${this.#source} in DMS`);
    return settings?.BucketFolder === folder;
  }

  /** Lets DMS write below this folder from now on; must not be called while a task of the endpoint runs. */
  async writeBelow(folder: string): Promise<void> {
    const arn = this.#place.targetEndpointArn;
    const doing = `Setting the folder of the raw zone for ${this.#source} in DMS`;
    const settings = await this.#target(doing);
    if (settings?.BucketFolder === folder) return;
    // All settings again: what is left out of a change must not fall back to the defaults of DMS, such as CSV.
    const modify = new ModifyEndpointCommand({
      EndpointArn: arn,
      S3Settings: { ...settings, BucketFolder: folder },
    });
    await called(doing, this.#source, this.#dms.send(modify));
  }

  /**
   * Whether the instance, if there is one, reaches both endpoints, which DMS demands before a task may start. A test
   * that is missing, or that failed before this load, is begun.
   * @param tested endpoints that were tested again for this load; one is added where a test is begun
   * @throws ReplicationError with DMS's words when a test of this load has failed
   */
  async reached(tested: string[]): Promise<boolean> {
    const { instanceArn, sourceEndpointArn, targetEndpointArn } = this.#place;
    if (instanceArn === undefined) return true;
    const source = await this.#reaches(instanceArn, sourceEndpointArn, 'the SIS', tested);
    const target = await this.#reaches(instanceArn, targetEndpointArn, 'the raw zone', tested);
    return source && target;
  }

  async #target(doing: string): Promise<S3Settings | undefined> {
    const Filters = [{ Name: 'endpoint-arn', Values: [this.#place.targetEndpointArn] }];
    const describe = new DescribeEndpointsCommand({ Filters });
    const { Endpoints = [] } = await called(doing, this.#source, this.#dms.send(describe));
    return Endpoints[0]?.S3Settings;
  }

  async #reaches(instanceArn: string, arn: string, what: string, tested: string[]): Promise<boolean> {
    const doing = `Testing whether DMS reaches ${what}`;
    const Filters = [
      { Name: 'endpoint-arn', Values: [arn] },
      { Name: 'replication-instance-arn', Values: [instanceArn] },
    ];
    const { Connections = [] } = await called(
      doing,
      this.#source,
      this.#dms.send(new DescribeConnectionsCommand({ Filters })).catch((error: unknown) => {
        if (isNamed(error, 'ResourceNotFoundFault')) return { Connections: [] };
        throw error;
      }),
    );
    const [connection] = Connections;
    if (connection?.Status === 'successful') return true;
    if (connection?.Status === 'testing') return false;
    if (connection?.Status === 'failed' && tested.includes(arn)) {
      throw new ReplicationError(
        `DMS does not reach ${what} of ${this.#source}: ${serviceReason(connection.LastFailureMessage ?? '') ?? 'its console says why'}`,
        {
          about: this.#source,
          hint: 'Check the secret, the network (VPN, security group, firewall of the campus) and the TLS mode of the endpoint.',
        },
      );
    }
    const test = new TestConnectionCommand({ EndpointArn: arn, ReplicationInstanceArn: instanceArn });
    await called(doing, this.#source, this.#dms.send(test));
    tested.push(arn);
    return false;
  }
}
