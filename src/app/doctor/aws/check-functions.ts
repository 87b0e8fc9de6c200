import { type Finding, failed, ok, warn } from '../finding.ts';
import type { AwsDoctorContext } from './context.ts';

/** Two lists of datasets are worked on side by side: those of the LMS and those of the SIS. */
const LISTS_AT_ONCE = 2;
const DEFAULT_TABLES_AT_ONCE = 24;

/** Whether the account may run as many functions at once as a run would use: a new one may run ten. */
export async function checkFunctions({ campus, account }: AwsDoctorContext): Promise<Finding[]> {
  const lists = Math.min(LISTS_AT_ONCE, Math.max(1, Object.keys(campus.sources).length));
  const wanted = lists * (campus.aws?.tablesAtOnce ?? DEFAULT_TABLES_AT_ONCE);
  try {
    const { limit, free } = await account.functionsAtOnce();
    if (free >= wanted)
      return [ok('functions', `a run uses up to ${wanted} at once, and ${free} of ${limit} are free`)];
    const fitting = Math.max(1, Math.floor(free / lists));
    return [
      warn(
        'functions',
        `a run uses up to ${wanted} at once, and the account lets it have ${free}: others wait, and after twenty minutes their tables fail`,
        `ask Service Quotas for more (AWS Lambda, Concurrent executions), or set aws.tablesAtOnce: ${fitting}`,
      ),
    ];
  } catch (error) {
    // A run does without the answer.
    return [{ ...failed('functions', error), status: 'warn' }];
  }
}
