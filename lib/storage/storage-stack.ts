import { RemovalPolicy } from 'aws-cdk-lib';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { exported } from '../exported.ts';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import { dailyBackups } from './backups.ts';
import { bucketName, ZONES, type Zone } from './bucket-names.ts';
import { databases } from './databases.ts';
import { lakeBuckets } from './lake-buckets.ts';
import { lakeKey } from './lake-key.ts';
import { ledgerTables, tableName } from './ledger-tables.ts';

/**
 * What must outlive everything else: the key, the zones, the ledger, the databases. Protected from being deleted
 * with its stack; what it holds stays behind unless both switches of `deleteData` agree.
 *
 * Other stacks know buckets and tables by their names, which never change, not by references to this stack: their
 * policies can be read, and nothing here is held fast by them.
 */
export class StorageStack extends LakeStack {
  readonly key: IKey;
  readonly buckets: Readonly<Record<Zone, IBucket>>;
  readonly logs: Bucket;
  readonly tables: { readonly ledger: ITable; readonly limits: ITable };
  /** Names of the Glue databases, by their names in SQL. */
  readonly databases: ReadonlyMap<string, string>;

  /** @param second the same stack of the second Region, to which this one's files are copied */
  constructor(scope: Construct, settings: Settings, second?: StorageStack) {
    super(scope, 'storage', settings, {
      description: `The data of ${settings.campus.name}: encrypted zones, ledger, databases`,
      holdsData: true,
    });
    this.after(second);
    this.key = lakeKey(this, settings);
    this.logs = lakeBuckets(this, this.key, settings);
    ledgerTables(this, this.key, settings);
    if (settings.backupDays !== undefined) dailyBackups(this, this.key, settings, settings.backupDays);
    const made = databases(this, settings);
    for (const database of made.values())
      database.applyRemovalPolicy(
        settings.deletesData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      );

    this.databases = new Map([...made.keys()].map((name) => [name, `${settings.databasePrefix}${name}`]));
    this.buckets = Object.fromEntries(ZONES.map((zone) => [zone, this.#bucket(zone)])) as Record<
      Zone,
      IBucket
    >;
    this.tables = { ledger: this.#table('ledger'), limits: this.#table('limits') };
    this.#export();
  }

  #export(): void {
    const zones = (['raw', 'staged', 'curated'] as const).map(
      (zone) => [`bucket/${zone}`, [this.buckets[zone].bucketName, `Bucket of the zone ${zone}`]] as const,
    );
    const databases = [...this.databases].map(
      ([name, glue]) => [`database/${name}`, [glue, `Glue database of ${name}`]] as const,
    );
    exported(this, this.settings, {
      key: [this.key.keyArn, 'Key of everything that the lake stores'],
      ...Object.fromEntries([...zones, ...databases]),
    });
  }

  #bucket(zone: Zone): IBucket {
    return Bucket.fromBucketAttributes(this, `Known-${zone}`, {
      bucketName: bucketName(this.settings, zone),
      encryptionKey: this.key,
    });
  }

  #table(table: 'ledger' | 'limits'): ITable {
    return Table.fromTableAttributes(this, `Known-${table}`, {
      tableName: tableName(this.settings, table),
      encryptionKey: this.key,
    });
  }
}
