import { recoveryFor } from '../../src/campus/recovery-environment.ts';
import type { Settings } from '../settings.ts';
import type { Deployed } from './deployed.ts';

/** A change that one deployment cannot make. */
export interface Obstacle {
  /** `two deploys`: it can be made in two steps. `refused`: it cannot be made to this lake. */
  readonly outcome: 'two deploys' | 'refused';
  /** What of campus.yaml has changed: `aws.network`. */
  readonly key: string;
  readonly what: string;
  /** What to do, in order. */
  readonly way: readonly string[];
}

const DEPLOY = 'npx cdk deploy --all';
/** Ids that other stacks hold have changed, and their templates do not show it: nothing may be skipped. */
const DEPLOY_ALL = `${DEPLOY} --force`;
const RECORD = 'npx lake plan --target aws';
const without = (part: string): string[] => [`npx lake teardown --target aws --only ${part}`, DEPLOY_ALL];

/**
 * Why campus.yaml cannot be deployed over the deployed stacks in one step. CloudFormation would fail halfway: a resource
 * with a fixed name cannot be replaced, and a range of addresses is taken as long as its subnet exists.
 */
export function compare(deployed: Deployed, settings: Settings): Obstacle[] {
  const elsewhere = identity(deployed, settings);
  // Of another lake nothing can be compared.
  if (elsewhere.length > 0) return elsewhere;
  return [
    ...network(deployed, settings),
    ...replication(deployed, settings),
    ...warehouse(deployed, settings),
    ...access(deployed, settings),
    ...recovery(deployed, settings),
  ];
}

function identity(
  deployed: Deployed,
  { name, account, region, databasePrefix, kmsKey }: Settings,
): Obstacle[] {
  const another = (key: string, was: string, is: string, why: string): Obstacle => ({
    outcome: 'refused',
    key,
    what: `the lake is deployed with ${key}: ${was}, and campus.yaml says ${is}: ${why}`,
    way: [
      `write ${key}: ${was} into campus.yaml`,
      'or, for a second lake, describe it in a campus.yaml of its own (-c campus=<file>), with an aws.name of its own',
    ],
  });
  const obstacles: Obstacle[] = [];
  if (name !== deployed.lake)
    obstacles.push(another('aws.name', deployed.lake, name, 'another name is another, empty lake'));
  if (account !== undefined && account !== deployed.account)
    obstacles.push(another('aws.account', deployed.account, account, 'it would be another, empty lake'));
  if (region !== undefined && region !== deployed.region)
    obstacles.push(
      another(
        'aws.region',
        deployed.region,
        region,
        'it would be another, empty lake, and the roles of the first have its names',
      ),
    );
  // A lake of another name has other databases anyway.
  if (
    name === deployed.lake &&
    deployed.databasePrefix !== undefined &&
    databasePrefix !== deployed.databasePrefix
  )
    obstacles.push(
      another(
        'aws.databasePrefix',
        `'${deployed.databasePrefix}'`,
        `'${databasePrefix}'`,
        'tables do not move to databases of other names',
      ),
    );
  if (deployed.stacks.includes('storage') && kmsKey !== deployed.kmsKey)
    obstacles.push({
      outcome: 'refused',
      key: 'aws.kmsKey',
      what: `what is stored is encrypted with ${deployed.kmsKey ?? "the lake's own key"}, and campus.yaml says ${kmsKey ?? 'nothing of a key'}: DMS and the warehouse cannot take another one`,
      way: [
        deployed.kmsKey === undefined
          ? 'take aws.kmsKey out of campus.yaml'
          : `write aws.kmsKey: ${deployed.kmsKey} into campus.yaml`,
        'or describe a second lake, with an aws.name of its own',
      ],
    });
  return obstacles;
}

function network({ network: was, stacks }: Deployed, { network: is, sis, warehouse }: Settings): Obstacle[] {
  const inUse = stacks.includes('sis') || stacks.includes('warehouse');
  if (!was || !(inUse || sis.length > 0 || warehouse.enabled)) return [];
  const moved =
    was.reach !== is.reach ||
    (is.existing
      ? was.vpc !== is.existing.vpc || (was.subnets && !sameSet(was.subnets, is.existing.subnets))
      : was.cidr !== is.range);
  if (!moved) return [];
  return [
    {
      outcome: 'two deploys',
      key: 'aws.network',
      what: `the lake is deployed in ${inWords(was)}, and campus.yaml says ${inWords({ ...is, cidr: is.range, vpc: is.existing?.vpc })}: DMS and the warehouse cannot move while they run; what they have stored stays, and the first load afterwards is a full one`,
      way: without('network'),
    },
  ];
}

const inWords = ({ reach, cidr, vpc }: NonNullable<Deployed['network']>): string =>
  reach === 'existing'
    ? `the VPC ${vpc}`
    : `a VPC of its own, ${cidr}, ${reach === 'vpn' ? 'with a VPN' : 'over the internet'}`;

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

function replication({ replication: was }: Deployed, { replication: is, sis }: Settings): Obstacle[] {
  if (!was || sis.length === 0) return [];
  const again = (key: string, what: string): Obstacle => ({
    outcome: 'two deploys',
    key,
    what: `${what}; the first load afterwards is a full one`,
    way: without('sis'),
  });
  const obstacles: Obstacle[] = [];
  const gone = was.sources.filter((source) => !sis.some(([name]) => name === source));
  if (gone.length > 0)
    obstacles.push(
      again(
        'sources',
        `${gone.join(', ')} is copied by DMS and no longer in campus.yaml: tasks hold its endpoints`,
      ),
    );
  if (was.serverless !== (is.serverless !== undefined))
    obstacles.push(
      again(
        'aws.replication.serverless',
        `DMS works ${was.serverless ? 'serverless' : 'on an instance'}, and campus.yaml says ${was.serverless ? 'an instance' : 'serverless'}: tasks hold what they run on`,
      ),
    );
  if (is.serverless) return obstacles;
  if (was.storageGb !== undefined && is.storageGb < was.storageGb)
    obstacles.push(
      again(
        'aws.replication.storageGb',
        `the disk of the DMS instance has ${was.storageGb} GB and cannot shrink to ${is.storageGb}`,
      ),
    );
  if (was.engine !== undefined && is.engine !== undefined && older(is.engine, was.engine))
    obstacles.push(
      again(
        'aws.replication.engine',
        `the DMS instance has version ${was.engine} and cannot go back to ${is.engine}`,
      ),
    );
  return obstacles;
}

const older = (a: string, b: string): boolean => a.localeCompare(b, 'en', { numeric: true }) < 0;

function warehouse({ warehouse: was }: Deployed, { warehouse: is }: Settings): Obstacle[] {
  if (!was || !is.enabled) return [];
  if (is.rpu === 4 && was.rpu > 4)
    return [
      {
        outcome: 'two deploys',
        key: 'aws.warehouse.rpu',
        what: `the warehouse has ${was.rpu} RPU, and one that was larger than 4 does not go back to 4; its tables stay`,
        way: without('warehouse'),
      },
    ];
  if (is.rpu === was.rpu || is.maxRpu === was.maxRpu) return [];
  const [first, second] = is.rpu > was.maxRpu ? ['maxRpu', 'rpu'] : ['rpu', 'maxRpu'];
  return [
    {
      outcome: 'two deploys',
      key: 'aws.warehouse',
      what: 'rpu and maxRpu change together, and Redshift Serverless takes one setting in an update',
      way: [
        `change aws.warehouse.${first} alone, and ${DEPLOY}`,
        RECORD,
        `then change aws.warehouse.${second}, and ${DEPLOY}`,
      ],
    },
  ];
}

/** Tables that Lake Formation has closed must be opened before it lets go of them. */
function access({ accessMode: was }: Deployed, { access: { mode: is } }: Settings): Obstacle[] {
  if (was !== 'lake-formation' || is !== 'iam') return [];
  return [
    {
      outcome: 'two deploys',
      key: 'aws.access.mode',
      what: 'Lake Formation has closed the tables to IAM, and a run in the mode hybrid opens them again',
      way: [
        `set aws.access.mode: hybrid, ${DEPLOY}, then npx lake run --target aws`,
        RECORD,
        `then set aws.access.mode: iam, and ${DEPLOY}`,
      ],
    },
  ];
}

/**
 * Copying ends before the versions of the buckets do: S3 refuses both at once. And as long as campus.yaml names the second
 * Region, commands can reach what stands there.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-and-other-bucket-configs.html
 */
function recovery({ recovery: was }: Deployed, { recovery: is, campus }: Settings): Obstacle[] {
  if (!was?.copies || (is && is.region === was.region && is.name === was.name)) return [];
  return [
    {
      outcome: 'two deploys',
      key: 'aws.recovery',
      what: `files are copied to ${was.name} in ${was.region}, and campus.yaml ${is ? 'names another second Region' : 'no longer names a second Region'}: S3 must stop copying first, and what stands there can be taken down only while campus.yaml names it`,
      way: [
        `write aws.recovery.copies: false (region: ${was.region}, name: ${was.name}), and ${DEPLOY}`,
        `npx lake teardown --target aws --environment ${recoveryFor(campus.environment)}`,
        RECORD,
        `then ${is ? 'name the other Region in' : 'take out'} aws.recovery, and ${DEPLOY}`,
      ],
    },
  ];
}
