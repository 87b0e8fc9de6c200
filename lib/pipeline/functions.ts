import { FEATURES } from '../../src/features.ts';
import { DeployError } from '../errors.ts';

/**
 * The functions of the pipeline. Steps share a function where they need the same rights; each has a file of its name
 * in `lambda/`, which names the same steps.
 */
export interface FunctionOptions {
  readonly steps: readonly string[];
  /** MB; processor and network grow with it. */
  readonly memory: number;
  /** Minutes; 15 is the most that Lambda allows. */
  readonly minutes: number;
}

export const FUNCTIONS = {
  // A file streams through in parts of 8 MiB, eight files at once; 1,769 MB is one whole processor.
  lms: { steps: ['lms-plan', 'lms-start', 'lms-poll', 'lms-fetch', 'lms-commit'], memory: 1769, minutes: 15 },
  sis: {
    steps: ['sis-start', 'sis-poll', 'sis-commit', 'drift-start', 'drift-poll'],
    memory: 512,
    minutes: 15,
  },
  stage: { steps: ['restage-plan', 'stage'], memory: 512, minutes: 15 },
  models: {
    steps: [
      'apply-catalog',
      'checks-plan',
      'check-dataset',
      'models-plan',
      'build-model',
      ...FEATURES.flatMap(({ steps = [] }) => steps.map(({ name }) => name)),
      'publish',
      'keep-ledger',
    ],
    memory: 1024,
    minutes: 15,
  },
  warehouse: { steps: ['load-warehouse'], memory: 512, minutes: 15 },
  sweep: { steps: ['sweep'], memory: 512, minutes: 15 },
  // Opens and ends runs, too.
  run: { steps: ['close-run', 'notify'], memory: 512, minutes: 15 },
} as const satisfies Record<string, FunctionOptions>;

/** The function that follows changes between runs, where the campus wants that; it hosts no step of the plan. */
export const FOLLOWER = 'follow';

export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** The function that hosts a step. @throws DeployError for a step that none hosts */
export function functionOf(step: string): FunctionName {
  const found = FUNCTION_NAMES.find((name) => (FUNCTIONS[name].steps as readonly string[]).includes(step));
  if (found) return found;
  throw new DeployError(`No function of the AWS target hosts the step "${step}"`, {
    about: step,
    hint: 'Name it in lib/pipeline/functions.ts and in the file of that function in lambda/.',
  });
}
