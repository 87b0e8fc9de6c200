import { describe, expect, it } from 'vitest';
import { caretUnder } from '../../bin/commands/query/caret.ts';
import { type Format, print } from '../../bin/commands/query/formats.ts';
import { SqlError } from '../../src/models/errors.ts';
import type { QueryResult } from '../../src/platform/ports/query-engine.ts';

const RESULT: QueryResult = {
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'text', type: 'varchar' },
    { name: 'list', type: 'varchar' },
  ],
  async *batches() {
    yield [[21070000000000001n, 'a "quoted", text\nand more', [1, 2n]]];
    yield [[2n, '', null]];
  },
};

async function printed(format: Format, result = RESULT): Promise<string> {
  let text = '';
  await print(result, format, async (part) => {
    text += part;
  });
  return text;
}

describe('what lake query prints', () => {
  it('CSV after RFC 4180: null is nothing, the empty text is quoted, ids keep their digits', async () => {
    expect(await printed('csv')).toBe(
      'id,text,list\r\n21070000000000001,"a ""quoted"", text\nand more","[1,""2""]"\r\n2,"",\r\n',
    );
  });

  it('JSON that a reader cannot round', async () => {
    expect(JSON.parse(await printed('json'))).toEqual([
      { id: '21070000000000001', text: 'a "quoted", text\nand more', list: [1, '2'] },
      { id: '2', text: '', list: null },
    ]);
    const lines = (await printed('jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['21070000000000001', '2']);
  });

  it('a table that says how many rows there are, one line a row', async () => {
    const text = await printed('table');

    expect(text).toContain('21070000000000001');
    expect(text).toContain('a "quoted", text and more');
    expect(text).toContain('2 rows');
  });

  it('an empty result in every format', async () => {
    const empty: QueryResult = { ...RESULT, async *batches() {} };

    expect(await printed('csv', empty)).toBe('id,text,list\r\n');
    expect(await printed('json', empty)).toBe('[]\n');
    expect(await printed('jsonl', empty)).toBe('');
    expect(await printed('table', empty)).toContain('0 rows');
  });
});

describe('the caret under a mistake', () => {
  it('stands below its place, tabs and letters beyond the first plane counted', () => {
    const error = new SqlError('no', { place: { line: 2, column: 5 } });

    expect(caretUnder(error, 'SELECT 1,\n\t🎓  x')).toBe('2 | \t🎓  x\n    \t   ^');
  });

  it('is left out where the place is unknown', () => {
    expect(caretUnder(new SqlError('no'), 'SELECT 1')).toBeUndefined();
    expect(caretUnder(new Error('no'), 'SELECT 1')).toBeUndefined();
  });
});
