/**
 * A fault that is brought about on purpose. What AWS's Fault Injection Service can do is a template of the deployment; of
 * each there is a twin that runs without an account (`test/faults/twins.ts`).
 */
export interface FaultExperiment {
  readonly name: string;
  readonly fault: string;
  /** What is to be shown: what people see meanwhile, and afterwards. */
  readonly hypothesis: string;
  /** How it is brought about on AWS, or why it is not. */
  readonly onAws: string;
  /** Whether there is a template. */
  readonly template: boolean;
}

/** The alarm that ends an experiment: a lake that is already late is not disturbed. */
export const STOP_ALARM = 'no-successful-run';

/** What ends an experiment on AWS before its time. Its twins are ended after a time of their own. */
export const stopConditionOf = ({ template }: Pick<FaultExperiment, 'template'>): string =>
  template ? `the alarm ${STOP_ALARM}` : 'there is no template';

const experiment = (
  name: string,
  template: boolean,
  fault: string,
  hypothesis: string,
  onAws: string,
): FaultExperiment => ({ name, template, fault, hypothesis, onAws });

export const EXPERIMENTS: readonly FaultExperiment[] = [
  experiment(
    'zone-away',
    true,
    'the zone of the DMS instance is cut off for ten minutes, during its load',
    "the SIS's tables keep yesterday's rows, each named with the reason; Canvas is loaded and published",
    'aws:network:disrupt-connectivity on a subnet of DMS',
  ),
  experiment(
    'run-killed',
    true,
    'the run under way is stopped',
    'the next start goes on with it, does nothing twice, and publishes what a run would that was never stopped',
    'an automation: states:StopExecution on every execution under way',
  ),
  experiment(
    'functions-throttled',
    true,
    'for five minutes one function at once may stage tables',
    'the run takes longer, loses no table and reports no failure',
    'an automation: reserved concurrency of 1, taken back at its end, also where it is stopped',
  ),
  experiment(
    'region-away',
    true,
    'nothing is copied to the second Region for an hour',
    'a fail-over goes on from the newest copy that has arrived whole; the alarm of nothing else is raised',
    'aws:s3:bucket-pause-replication on the zones that are copied; only with aws.recovery',
  ),
  experiment(
    'store-throttled',
    false,
    'S3 and Athena ask for patience',
    'statements and files are tried again; the published tables are the same',
    'FIS injects no errors into S3 or Athena',
  ),
  experiment(
    'key-slow',
    false,
    'the service of keys or secrets does not answer',
    'the step is repeated, and where that lasts the run fails with the service named and shows the tables of before',
    'a key that is disabled would leave data unreadable if the experiment broke off: not done on purpose',
  ),
  experiment(
    'disk-full',
    false,
    'the disk of the lake is full',
    'the run ends with the path named, no half-written file is read, and the next run goes on once there is room',
    'only the DMS instance has a disk; its alarm is replication-disk',
  ),
  experiment(
    'source-faults',
    false,
    'the LMS breaks off, repeats, delays and cuts what it delivers, in every way that is known of it',
    'the table is right in the end, or its failure names table and cause',
    'a fault of a source is not one of AWS',
  ),
];
