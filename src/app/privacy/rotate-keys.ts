import { InputError } from '../../errors.ts';
import { listStates } from '../../loads/dataset-state.ts';
import { versionsOf } from '../../loads/state.ts';
import { runLake } from '../../pipeline/run.ts';
import type { EventSink } from '../../ports/events.ts';
import type { Lake, Uses } from '../../ports/step.ts';
import { isRotation, keysFingerprint, keyVersion } from '../../privacy/pseudonym.ts';
import { pseudonymKeys } from '../../privacy/pseudonym-keys.ts';
import { planWithoutSources, removeOldVersions } from '../without-sources.ts';

/** What a rotation of the key of the pseudonyms does, or has done. */
export interface Rotation {
  /** The version of the newest key. */
  readonly version: number;
  /** Tables with pseudonyms by fewer keys. */
  readonly tables: readonly { readonly table: string; readonly version: number }[];
}

/**
 * Which tables have pseudonyms by fewer keys than the campus has.
 * @throws InputError where the campus has no key, or a table has pseudonyms by keys that are not the first of them
 */
export async function planRotation(lake: Uses<'campus' | 'ledger' | 'secrets'>): Promise<Rotation> {
  const keys = await pseudonymKeys(lake);
  if (keys.length === 0)
    throw new InputError('This campus has no key of pseudonyms.', {
      hint: 'set privacy.key in campus.yaml to where it lies, such as { env: PRIVACY_KEY }',
    });
  const now = keysFingerprint(keys);
  const tables = new Map<string, number>();
  for (const state of await listStates(lake.platform.ledger)) {
    for (const { definition } of versionsOf(state)) {
      const before = definition?.pseudonymKey;
      if (before === undefined || before === now) continue;
      if (!isRotation(before, now))
        throw new InputError(
          `The pseudonyms of ${state.dataset} are by other keys than those of campus.yaml.`,
          {
            about: state.dataset,
            hint: 'privacy.key has to stay the key that it was, and a new one goes to the end of privacy.rotations; for pseudonyms by an altogether new key, run `lake run`, which stages these tables again from their raw files or from the source',
          },
        );
      tables.set(state.dataset, keyVersion(before));
    }
  }
  return {
    version: keys.length,
    tables: [...tables]
      .map(([table, version]) => ({ table, version }))
      .sort((a, b) => (a.table < b.table ? -1 : 1)),
  };
}

/**
 * Makes all pseudonyms of the lake by the newest key, without asking a source: staged tables, the models that read
 * them, the publication, the warehouse. Versions with tokens of before are removed. It can be killed anywhere;
 * repeated, or followed by any other run, it does the rest.
 * @throws as `planRotation` does
 */
export async function rotateKeys(lake: Lake, events: EventSink): Promise<Rotation> {
  const rotation = await planRotation(lake);
  // Staged tables come first: where all of them are re-keyed, one that was killed may have left models, the warehouse and
  // versions with tokens of before.
  if (rotation.version === 1) return rotation;
  await runLake({ lake, events, fresh: true, plan: planWithoutSources(lake) });
  const lock = await lake.platform.ledger.lock('A rotation of the key');
  try {
    await removeOldVersions(lake);
    await lake.platform.warehouse.forgetReplaced?.();
  } finally {
    await lock.release();
  }
  const left = await planRotation(lake);
  if (left.tables.length === 0) return rotation;
  throw new InputError(
    `Not every table could be re-keyed: ${left.tables.map(({ table }) => table).join(', ')}.`,
    { hint: '`lake status` says what failed; correct it and repeat the command' },
  );
}
