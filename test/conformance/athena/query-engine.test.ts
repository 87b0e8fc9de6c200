import { describe, expect, it } from 'vitest';
import { queryEngineContract } from '../../contract/query-engine.ts';
import { type AthenaEngineHome, athenaEngineHome } from './engine-home.ts';

describe('Athena', () => {
  let home: AthenaEngineHome;
  queryEngineContract(async () => {
    home = await athenaEngineHome();
    return home;
  });

  it('runs no statement of a staging twice, however often it is asked after', () => {
    const changing = home.statements.filter((sql) => /^(INSERT|MERGE|UNLOAD)/.test(sql));
    expect(home.left()).toBeGreaterThan(50);
    expect(changing.length).toBeGreaterThan(20);
    expect(changing.filter((sql, i) => changing.indexOf(sql) !== i)).toEqual([]);
  });
});
