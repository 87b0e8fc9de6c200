import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { StillRunningError } from '../../../src/ports/errors.ts';
import type { QueryEngine, WaitBudget } from '../../../src/ports/query-engine.ts';
import { PSEUDONYM_KEYS, type QueryEngineHome } from '../../contract/query-engine-home.ts';
import { startAthenaHome } from './athena-home.ts';

/** The engine of AWS before a real Trino, and what Athena was asked for. */
export interface AthenaEngineHome extends QueryEngineHome {
  /** Every statement that was run, in order. */
  readonly statements: readonly string[];
  /** How often a staging was left while Athena was still at it. */
  left(): number;
}

/** Stages as a function that waits for nothing: told that Athena is still at it, it asks again as another would. */
export async function athenaEngineHome(): Promise<AthenaEngineHome> {
  const home = await startAthenaHome(['canvas', 'sis', 'campus', 'ops']);
  const engine = home.reopened({ pseudonymKeys: async () => PSEUDONYM_KEYS });
  let left = 0;
  async function inTurns<T>(turn: (budget: WaitBudget) => Promise<T>): Promise<T> {
    const budget = { resumeToken: randomBytes(5).toString('hex'), waitMs: 0 };
    for (;;) {
      try {
        return await turn(budget);
      } catch (error) {
        if (!(error instanceof StillRunningError)) throw error;
        left += 1;
        await sleep(100);
      }
    }
  }
  const staging: Pick<QueryEngine, 'replace' | 'merge' | 'deliveredKeys'> = {
    replace: (...given) => inTurns((budget) => engine.replace(given[0], given[1], given[2], budget)),
    merge: (...given) => inTurns((budget) => engine.merge(given[0], given[1], given[2], given[3], budget)),
    deliveredKeys: (...given) =>
      inTurns((budget) => engine.deliveredKeys(given[0], given[1], given[2], budget)),
  };
  return {
    engine: new Proxy(engine, {
      get(target, name: keyof QueryEngine) {
        const own = staging[name as keyof typeof staging] ?? target[name];
        return typeof own === 'function' ? own.bind(target) : own;
      },
    }),
    statements: home.athena.statements,
    left: () => left,
    async putRaw(key, bytes) {
      await home.objects.put(key, Readable.from([bytes]));
      return home.objects.uri(key);
    },
    close: () => home.stop(),
  };
}
