import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { granted } from '../../../../granted.ts';
import { listingAttempts, readingAttempts, spellingsOf } from './attempts.ts';
import { type GuardedLake, openGuardedLake } from './kept-back.ts';

let guarded: GuardedLake;
beforeAll(async () => {
  guarded = await openGuardedLake();
});
afterAll(() => guarded.close());

const attempts = () => {
  const [published, , raw, , , csv] = guarded.closed;
  const { root } = guarded.lake;
  return [
    ...readingAttempts([published!, csv!]),
    ...[raw!, csv!, '/etc/hostname'].flatMap((file) =>
      spellingsOf(root, file).flatMap((path) => [
        `SELECT * FROM '${path}'`,
        `SELECT * FROM read_text('${path}')`,
        `SELECT * FROM (PIVOT "${path}" ON id USING max(body))`,
      ]),
    ),
    ...listingAttempts(root),
    ...listingAttempts(join(root, 'raw/canvas/messages')),
  ];
};

/** The texts that a way of asking lets read what it may not. */
async function leaks(
  ask: (text: string) => Promise<string>,
  texts: readonly string[] = attempts(),
): Promise<string[]> {
  const found: string[] = [];
  for (const text of texts) if ((await ask(text)) === 'LEAK') found.push(text);
  return found;
}

describe('a statement', () => {
  it('reads its tables, which is what the attempts are compared with', async () => {
    expect(await guarded.confined('SELECT * FROM campus.students')).toBe('nothing read');
    expect(await guarded.asked('SELECT * FROM campus.students')).toBe('nothing read');
    expect(attempts().length).toBeGreaterThan(290);
  });

  it('cannot read a file that is not of its tables, whatever the text says: DuckDB keeps it out', async () => {
    const before = await guarded.files();
    expect(await leaks(guarded.confined)).toEqual([]);
    expect(await guarded.files()).toEqual(before);
  });

  it('that names a file in any way is refused before DuckDB sees it', async () => {
    const before = await guarded.files();
    const passed: string[] = [];
    for (const text of attempts()) if ((await guarded.asked(text)) !== 'refused') passed.push(text);
    expect(passed).toEqual([]);
    expect(await guarded.files()).toEqual(before);
  });

  it('would read them where DuckDB did not keep it out: the attempts can fail', async () => {
    const ofOne = readingAttempts([guarded.closed.at(-1)!]);
    expect((await leaks(guarded.unconfined, ofOne)).length).toBeGreaterThan(40);
  });

  it('that makes a table or an export is confined as well', async () => {
    const path = guarded.closed[0]!;
    const { engine, root } = guarded.lake;
    for (const text of [`SELECT * FROM "${path}"`, `SELECT * FROM (PIVOT "${path}" ON id USING count(*))`]) {
      await expect(engine.create('campus.made', text, guarded.tables, 'v9')).rejects.toMatchObject({
        name: 'SqlError',
      });
      await expect(
        engine.exportParquet(text, granted(guarded.tables), join(root, 'out.parquet')),
      ).rejects.toMatchObject({ name: 'SqlError' });
    }
  });
});
