/** A suite in which a fault is brought about without an account. */
export interface Twin {
  /** `home`: one machine. `emulator`: the deployed lake, on an emulator of AWS. */
  readonly where: 'home' | 'emulator';
  readonly file: string;
  /** Tests of it, by words of their names. Default: all. */
  readonly tests?: string;
  /** Its stop condition: after so many minutes it is ended. Default: 30 at home, 90 on the emulator. */
  readonly minutes?: number;
}

export const limitOf = ({ where, minutes }: Twin): number => minutes ?? (where === 'home' ? 30 : 90);

/** Of every experiment of `lib/faults/experiments.ts`, by name. */
export const TWINS: Readonly<Record<string, readonly Twin[]>> = {
  'zone-away': [
    { where: 'home', file: 'test/long/stale-sources.test.ts' },
    { where: 'emulator', file: 'test/conformance/deploy/whole-lake.test.ts', tests: 'DMS broken off' },
  ],
  'run-killed': [
    { where: 'home', file: 'test/long/kill.test.ts' },
    { where: 'emulator', file: 'test/conformance/deploy/lms.test.ts', tests: 'functions are killed' },
  ],
  'functions-throttled': [
    { where: 'home', file: 'test/lambda/core.test.ts', tests: 'failed in passing' },
    { where: 'emulator', file: 'test/conformance/deploy/whole-lake.test.ts', tests: 'Athena busy' },
  ],
  'region-away': [
    { where: 'home', file: 'test/long/pipeline/restored-copy.test.ts' },
    { where: 'emulator', file: 'test/conformance/aws/fail-over.test.ts' },
  ],
  'store-throttled': [
    { where: 'home', file: 'test/lambda/core.test.ts', tests: 'failed in passing' },
    { where: 'emulator', file: 'test/conformance/deploy/whole-lake.test.ts', tests: 'Athena busy' },
  ],
  'key-slow': [{ where: 'home', file: 'test/lambda/core.test.ts', tests: 'whose key' }],
  'disk-full': [{ where: 'home', file: 'test/long/machine.test.ts', tests: 'whose disk fills' }],
  'source-faults': [{ where: 'home', file: 'test/long/fault-matrix.test.ts' }],
};
