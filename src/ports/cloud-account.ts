/**
 * The cloud account of the AWS target, as `lake doctor` examines it. Everything here only reads. Each method throws a
 * LakeError where the account cannot be asked or refuses to answer.
 */
export interface CloudAccount {
  /** Tables of one replication task, where campus.yaml does not say. */
  readonly tablesPerTask: number;
  /** The identity with which the account is asked. */
  caller(): Promise<Caller>;
  /** Version of the deployment tool's bootstrap; undefined where the account and region have none. */
  bootstrapVersion(): Promise<number | undefined>;
  /**
   * Finds what is deployed. Called before the methods that ask about parts of it.
   * @throws InputError when the lake is not deployed in this account and region
   */
  findDeployed(): Promise<{ readonly rawBucket: string }>;
  accessSettings(): Promise<AccessSettings>;
  /**
   * Databases and tables of the lake that IAM opens, whatever their tags say. Empty where nothing is deployed.
   * @param sources names of the campus's sources
   */
  openToIam(sources: readonly string[]): Promise<readonly string[]>;
  /** Those of these roles that the account does not have. */
  missingRoles(roles: readonly string[]): Promise<readonly string[]>;
  /** How many functions may run at once. */
  functionsAtOnce(): Promise<FunctionQuota>;
  replicationQuotas(): Promise<readonly Quota[]>;
  /** Whether the replication service reaches each deployed source, by its name. Empty where nothing is deployed. */
  sourceConnections(): AsyncIterable<SourceConnection>;
}

export interface Caller {
  readonly account?: string;
  readonly arn?: string;
  readonly region: string;
}

/** Lake Formation's settings of the account. */
export interface AccessSettings {
  /** ARNs of its administrators. */
  readonly admins: readonly string[];
  /** IAM opens no new table by itself. */
  readonly closesNewTables: boolean;
}

export interface FunctionQuota {
  /** Of the account and region. */
  readonly limit: number;
  /** Those that no function has reserved for itself. */
  readonly free: number;
}

export interface Quota {
  readonly name: string;
  readonly used: number;
  readonly max: number;
}

/**
 * `tested`: an instance tested its connection; `untested`: no test has ended, with the service's word for where it is.
 * A serverless replication cannot be tested beforehand: what those there are have met says whether the source is
 * reached.
 */
export type SourceConnection = { readonly source: string } & (
  | { readonly kind: 'tested'; readonly failure?: { readonly reason?: string } }
  | { readonly kind: 'untested'; readonly status: string }
  | {
      readonly kind: 'serverless';
      readonly running: boolean;
      readonly failed: readonly { readonly id: string; readonly reason: string }[];
    }
);
