import type { Fault } from '../../../src/simulators/canvas/faults/fault.ts';
import type { FaultName } from '../../../src/simulators/canvas/faults/fault-kinds.ts';
import { cause, HOUR, pick, type Trouble } from './trouble.ts';

const TABLES = ['submissions', 'users', 'courses', 'enrollments', 'assignments'] as const;

const canvas = (
  what: FaultName,
  truth: Trouble['truth'],
  fault: (seed: number) => Omit<Fault<FaultName>, 'what'>,
): Trouble => ({
  name: `Canvas: ${what}`,
  truth,
  async strike({ campus }, seed) {
    const { faults, forgetJobs } = campus.simulated.canvas!;
    faults.add({ what, ...fault(seed) });
    return async () => {
      faults.clear();
      forgetJobs();
    };
  },
});

/** For good, on one table that the seed chooses. */
const ofTable = (what: FaultName, rule: string | readonly string[]): Trouble =>
  canvas(what, cause(rule, 'canvas'), (seed) => ({ when: { table: pick(TABLES, seed), times: null } }));

/** For good, on everything. */
const ofSource = (what: FaultName, rule: string | readonly string[]): Trouble =>
  canvas(what, cause(rule, 'canvas'), () => ({ when: { times: null } }));

/** Once: a good client gets over it. */
const passing = (what: FaultName): Trouble => ({
  ...canvas(what, [], (seed) => ({ when: { nth: 1 + ((seed * 7) % 9) } })),
  name: `Canvas, once: ${what}`,
});

export const OF_CANVAS: readonly Trouble[] = [
  ofSource('login-refused', 'lms-login-refused'),
  ofSource('account-disabled', 'lms-account-closed'),
  ofSource('account-under-maintenance', 'lms-account-closed'),
  ofSource('connection-reset', 'lms-unreachable'),
  // Whether a gateway or the network gave up cannot be told from outside.
  ofSource('gateway-timeout', ['lms-server-failed', 'lms-unreachable']),
  ofSource('rate-limited', 'lms-rate-limited'),
  ofTable('table-not-found', 'lms-table-unknown'),
  ofTable('job-fails', 'lms-job-failed'),
  ofTable('job-stuck', 'lms-job-lost'),
  ofTable('file-truncated', 'lms-transfer-broken'),
  ofTable('file-corrupt', 'lms-transfer-broken'),
  ofTable('url-expired', 'lms-transfer-broken'),
  ofTable('objects-missing', 'lms-answer-wrong'),
  // So is whether an answer was cut on its way, or sent in part.
  ofTable('half-json', ['lms-answer-wrong', 'lms-unreachable']),
  {
    ...ofSource('login-refused', 'lms-login-refused'),
    name: 'Canvas: the login is refused for three days, and every table is late',
    days: 4,
  },
  {
    name: 'Canvas sends late: its data stand still while days go by',
    truth: cause('source-lags', 'canvas'),
    clocks: (seed) => {
      const by = (12 + 9 * seed) * HOUR;
      return { lake: by, sis: by };
    },
  },
];

export const PASSING_OF_CANVAS: readonly Trouble[] = [
  passing('gateway-timeout'),
  passing('rate-limited'),
  passing('connection-reset'),
  passing('file-cut'),
  passing('snapshot-required'),
  passing('job-expired'),
  passing('duplicate-rows'),
  {
    ...canvas('file-slow', [], () => ({ when: { times: null }, seconds: 0.02 })),
    name: 'Canvas: every file comes slowly',
  },
];
