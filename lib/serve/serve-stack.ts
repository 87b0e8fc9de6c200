import { CfnNamedQuery, type CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { exported } from '../exported.ts';
import { LakeStack } from '../lake-stack.ts';
import type { Settings } from '../settings.ts';
import type { StorageStack } from '../storage/storage-stack.ts';
import { validationQueries } from './validation-queries.ts';
import { GIGABYTE, workgroup } from './workgroups.ts';

export interface ServeStackProps {
  readonly settings: Settings;
  readonly storage: StorageStack;
}

/** What one statement of the pipeline may read: a model over years of page views, and no runaway join. */
const PIPELINE_GIGABYTES = 2_000;

/** Where people, and the pipeline, ask in SQL. */
export class ServeStack extends LakeStack {
  readonly analysts: CfnWorkGroup;
  readonly stewards: CfnWorkGroup;
  readonly pipeline: CfnWorkGroup;

  constructor(scope: Construct, { settings, storage }: ServeStackProps) {
    super(scope, 'serve', settings, { description: `Athena over the lake of ${settings.campus.name}` });
    this.after(storage);
    const places = { results: storage.buckets.results, key: storage.key };
    const people = { ...places, bytesPerQuery: settings.queryLimitGb * GIGABYTE };
    this.analysts = workgroup(this, 'Analysts', {
      ...people,
      name: this.named('analysts'),
      description: `Questions of analysts; one may read ${settings.queryLimitGb} GB`,
    });
    this.stewards = workgroup(this, 'Stewards', {
      ...people,
      name: this.named('stewards'),
      description: `Questions of data stewards; one may read ${settings.queryLimitGb} GB`,
    });
    this.pipeline = workgroup(this, 'Pipeline', {
      ...places,
      name: this.named('pipeline'),
      description: 'Statements of the nightly run',
      bytesPerQuery: PIPELINE_GIGABYTES * GIGABYTE,
      enforced: false,
    });
    exported(this, settings, {
      'workgroup/analysts': [this.analysts.name, 'Workgroup in which analysts ask'],
      'workgroup/stewards': [this.stewards.name, 'Workgroup in which data stewards ask'],
    });
    for (const { name, description, sql } of validationQueries(settings)) {
      const query = new CfnNamedQuery(this, `Query-${name}`, {
        name,
        description,
        database: `${settings.databasePrefix}${name.split(':')[0]}`,
        queryString: sql,
        // They read what was loaded, as stewards may.
        workGroup: this.stewards.name,
      });
      query.addResourceDependency(this.stewards);
    }
  }
}
