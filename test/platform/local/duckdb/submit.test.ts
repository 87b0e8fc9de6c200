import { describe, expect, it } from 'vitest';
import { homeOf } from '../../../contract/query-engine-home.ts';
import { duckDbEngineHome } from './engine-home.ts';

describe('An engine whose work does not outlast its process', () => {
  const home = homeOf(() => duckDbEngineHome());

  it('has made a table when it says that it has begun, and its ticket names it wherever it is read', async () => {
    const { engine } = home;
    const order = {
      table: 'campus.one',
      select: 'SELECT 1 AS one',
      reads: {},
      versionId: 'r1',
      engine: 'athena',
    } as const;
    expect(engine.capabilities.background).toBe(false);

    const ticket = JSON.parse(JSON.stringify(await engine.submit(order)));

    const made = await engine.poll(ticket, 0);
    if (!('version' in made)) throw new Error('not made');
    expect(made.version).toMatchObject({ table: 'campus.one', rows: 1 });
    expect(await home.rows('SELECT one FROM campus.one', { 'campus.one': made.version })).toEqual([[1]]);
    expect(await engine.poll(ticket, 0)).toEqual(made);
  });
});
