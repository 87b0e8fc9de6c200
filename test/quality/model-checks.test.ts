import { describe, expect, it } from 'vitest';
import { parseModel } from '../../src/models/load-models.ts';
import { checksOfModel } from '../../src/quality/table-check.ts';

describe('A model says in its header', () => {
  it('what must hold of its rows, besides its grain', async () => {
    const model = await parseModel(
      'models/things.sql',
      `-- description: Things
-- grain: id, term
-- check: { kind: accepted_values, column: state, values: [on time,
--   late], severity: warn }
-- Free words.
SELECT 1 AS id, 'a' AS term, 'late' AS state`,
    );
    expect(
      checksOfModel(model, ['id', 'term', 'state']).map(({ name, severity }) => [name, severity]),
    ).toEqual([
      ['unique(id, term)', 'fail'],
      ['accepted_values(state)', 'warn'],
    ]);
    expect(checksOfModel({ ...model, checks: [] }, ['id'])).toEqual([]);
  });

  it.each([
    ['{ kind: not_nil, columns: [id] }', /models\/m\.sql:2:1: The check cannot be read/],
    ['{ kind: not_null, column: id }', /models\/m\.sql:2:1: The check cannot be read: /],
    ['{ kind: ', /models\/m\.sql:2:1: The check is no YAML/],
  ])('and is told where %s is wrong', async (text, message) => {
    await expect(
      parseModel('models/m.sql', `-- grain: id\n-- check: ${text}\nSELECT 1 AS id`),
    ).rejects.toThrow(message);
  });
});

describe('A model says of its columns', () => {
  it('what they are, in the header', async () => {
    const text = '-- column id (quasi): the thing\n--   itself\nSELECT 1 AS id';
    expect((await parseModel('models/m.sql', text)).columns).toMatchObject([
      { name: 'id', privacy: 'quasi', description: 'the thing itself' },
    ]);
    await expect(parseModel('models/m.sql', '-- column id (quasy): x\nSELECT 1 AS id')).rejects.toThrow(
      /models\/m\.sql:1:1: .*did you mean "quasi"/,
    );
  });
});
