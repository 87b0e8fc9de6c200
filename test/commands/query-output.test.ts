import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caretUnder } from '../../bin/commands/query/caret.ts';
import { print } from '../../bin/commands/query/formats.ts';
import { outputFile, writeTextFile } from '../../bin/commands/query/output-file.ts';
import { remarkLines } from '../../bin/commands/query/remark-lines.ts';
import { shownCell } from '../../src/app/query/cell-text.ts';
import type { CsvOptions } from '../../src/app/query/csv.ts';
import { uniqueNames } from '../../src/app/query/unique-names.ts';
import type { Cell, QueryResult } from '../../src/ports/query-engine.ts';
import type { TableColumn } from '../../src/ports/tables.ts';
import { printable } from '../../src/printable.ts';
import { SqlError } from '../../src/sql/errors.ts';

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

async function printed(
  format: Parameters<typeof print>[1],
  result = RESULT,
  options: CsvOptions = {},
): Promise<string> {
  let text = '';
  const write = async (part: string) => {
    text += part;
  };
  await print(result, format, write, options);
  return text;
}

const texts = (...cells: (string | null)[]): QueryResult => ({
  columns: cells.map((_, i) => ({ name: `c${i}`, type: 'varchar' })),
  async *batches() {
    yield [cells];
  },
});

describe('remarks on an answer', () => {
  const REMARK = { code: 'approximate', text: 'Athena approximates it.', line: 1, column: 8 } as const;

  it('are a line each for a person', () => {
    expect(remarkLines([REMARK, REMARK])).toBe(
      'remark: Athena approximates it.\nremark: Athena approximates it.\n',
    );
  });

  it('are one object for a program, and nothing where there are none', () => {
    expect(JSON.parse(remarkLines([REMARK], { json: true }))).toEqual({ remarks: [REMARK] });
    expect(remarkLines([], { json: true })).toBe('');
  });
});

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

  it('a table that no text of the data can give orders to the terminal', async () => {
    const table = await printed(
      'table',
      texts('\u001b]52;c;x\u0007', 'a\rb', '\u009b31m', '\u202eabc', 'שלום‏'),
    );

    expect(table).toContain('␛]52;c;x␇');
    expect(table).toContain('a b');
    expect(table).toContain('\\u009b31m');
    expect(table).toContain('\\u202eabc');
    expect(table).toContain('שלום‏');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
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

describe('a value that is shown', () => {
  const ofTypes = (...cells: (readonly [type: TableColumn['type'], value: Cell])[]): QueryResult => ({
    columns: cells.map(([type], i) => ({ name: `c${i}`, type })),
    async *batches() {
      yield [cells.map(([, value]) => value)];
    },
  });

  it('is the shortest that tells a real from its neighbours, in every format', async () => {
    const result = ofTypes(['real', Math.fround(0.1)], ['real', Math.fround(16777216)], ['real', null]);

    expect(await printed('csv', result)).toBe('c0,c1,c2\r\n0.1,16777216,\r\n');
    expect(JSON.parse(await printed('json', result))).toEqual([{ c0: 0.1, c1: 16777216, c2: null }]);
    fc.assert(
      fc.property(fc.float(), (value) => {
        const short = shownCell({ name: 'x', type: 'real' })(value) as number;
        expect(Math.fround(short)).toBe(value);
        expect(String(short).length).toBeLessThanOrEqual(String(value).length);
      }),
    );
  });

  it('is exact in JSON: NaN, the infinities, 64 bits, decimals', async () => {
    const result = ofTypes(
      ['double', Number.NaN],
      ['double', -Infinity],
      ['real', Infinity],
      ['bigint', 9007199254740993n],
      ['decimal(38,10)', '1234567890123456789012345678.0123456789'],
      ['varchar', [Number.NaN, 1n]],
    );
    const row = {
      c0: 'NaN',
      c1: '-Infinity',
      c2: 'Infinity',
      c3: '9007199254740993',
      c4: '1234567890123456789012345678.0123456789',
      c5: ['NaN', '1'],
    };

    expect(JSON.parse(await printed('json', result))).toEqual([row]);
    expect(JSON.parse(await printed('jsonl', result))).toEqual(row);
  });

  it('is written as Athena writes bytes and times', async () => {
    const result = ofTypes(
      ['varbinary', '68656c'],
      ['varbinary', ''],
      ['time', '08:15:00'],
      ['time', '08:15:00.123456'],
    );

    expect(await printed('csv', result, { raw: true })).toBe(
      'c0,c1,c2,c3\r\n68 65 6c,"",08:15:00.000,08:15:00.123456\r\n',
    );
  });
});

describe('CSV that a person opens', () => {
  const firstRow = (csv: string): string[] =>
    (parse(csv, { from_line: 1, relax_column_count: true }) as string[][])[1]!;

  it('marks as text what a spreadsheet would run, and nothing else', async () => {
    const csv = await printed(
      'csv',
      texts(
        "=cmd|'/c calc'!A0",
        '+1 (555) 0100',
        '@SUM(A1)',
        '\tx',
        '-5',
        'a=b',
        '\ufeff\u200b=1+1',
        '\ufeffa',
      ),
    );

    expect(firstRow(csv)).toEqual([
      "'=cmd|'/c calc'!A0",
      "'+1 (555) 0100",
      "'@SUM(A1)",
      "'\tx",
      '-5',
      'a=b',
      "'\ufeff\u200b=1+1",
      '\ufeffa',
    ]);
  });

  it('begins no cell of any text with what begins a formula, unless it is a number', async () => {
    const starts = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      '＝',
      '＋',
      '－',
      '＠',
      '"',
      ',',
      '',
    );
    const text = fc.tuple(starts, fc.string()).map(([start, rest]) => start + rest);
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const [shown] = firstRow(await printed('csv', texts(value, 'end')));
        expect(/^[=+\-@\t\r\n＝＋－＠]/.test(shown!) && !/^[+-]?\d+(\.\d+)?$/.test(shown!)).toBe(false);
        expect([value, `'${value}`]).toContain(shown);
      }),
    );
  });

  it('leaves every text as it is with --raw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (value) => {
        expect(firstRow(await printed('csv', texts(value, 'end'), { raw: true }))[0]).toBe(value);
      }),
    );
  });

  it('leaves negative numbers alone', async () => {
    const result: QueryResult = {
      columns: [
        { name: 'a', type: 'double' },
        { name: 'b', type: 'bigint' },
        { name: 'c', type: 'decimal(3,1)' },
      ],
      async *batches() {
        yield [[-1e-7, -5n, '-2.5']];
      },
    };

    expect(await printed('csv', result)).toBe('a,b,c\r\n-1e-7,-5,-2.5\r\n');
  });

  it('begins with a byte order mark where it is asked for', async () => {
    expect(await printed('csv', texts('Dvořák'), { bom: true })).toBe('\uFEFFc0\r\nDvořák\r\n');
  });
});

describe('columns of one name', () => {
  it('are all there in JSON, named as in Parquet', async () => {
    const result: QueryResult = {
      columns: ['a', 'a', 'A', 'a_1'].map((name) => ({ name, type: 'integer' })),
      async *batches() {
        yield [[1, 2, 3, 4]];
      },
    };

    expect(JSON.parse(await printed('json', result))).toEqual([{ a: 1, a_2: 2, A_3: 3, a_1: 4 }]);
    expect(JSON.parse(await printed('jsonl', result))).toEqual({ a: 1, a_2: 2, A_3: 3, a_1: 4 });
  });

  it('get names that differ whatever they are, and a name that is alone stays', () => {
    const name = fc.constantFrom('a', 'A', 'a_1', 'a_2', 'a_1_1', 'b', '');
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), (names) => {
        const unique = uniqueNames(names);
        expect(new Set(unique.map((one) => one.toLowerCase())).size).toBe(names.length);
        names.forEach((one, i) => {
          const alone = names.filter((other) => other.toLowerCase() === one.toLowerCase()).length === 1;
          if (alone) expect(unique[i]).toBe(one);
        });
      }),
    );
  });
});

describe('a file of rows', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lake-output-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);

  it('is of the format that its name says, or that is asked for', async () => {
    expect((await outputFile(at('x.CSV'), undefined)).format).toBe('csv');
    expect((await outputFile(at('x.parquet'), 'parquet')).format).toBe('parquet');
    expect((await outputFile(at('x.ndjson'), undefined)).format).toBe('jsonl');
    expect((await outputFile(at('x.txt'), 'table')).format).toBe('table');
  });

  it('is refused as wrong input where name and format differ, or none is known', async () => {
    for (const [name, format] of [
      ['x.parquet', 'csv'],
      ['x.csv', 'json'],
      ['x', undefined],
      ['x.paquet', undefined],
    ] as const) {
      await expect(outputFile(at(name), format), name).rejects.toMatchObject({ exitCode: 2 });
    }
    await expect(outputFile(at('x.paquet'), undefined)).rejects.toThrow('did you mean ".parquet"?');
  });

  it('is refused in words where its place is none', async () => {
    await writeFile(at('plain'), '');
    for (const [name, words] of [
      ['none/x.csv', 'its folder does not exist'],
      ['plain/x.csv', 'what should be its folder is a file'],
      [`${'x'.repeat(300)}/x.csv`, 'the name is too long'],
    ] as const) {
      await expect(outputFile(at(name), undefined)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining(words),
      });
    }
    await expect(outputFile(folder, 'csv')).rejects.toThrow('that is a folder');
  });

  it('appears whole or not at all', async () => {
    const file = await outputFile(at('half.csv'), undefined);
    const half = writeTextFile(file, async (write) => {
      await write('a,b\r\n');
      throw new Error('the query failed');
    });

    await expect(half).rejects.toThrow('the query failed');
    expect(await readdir(folder)).not.toContain('half.csv');
    expect(await readdir(folder)).not.toContain('half.csv.part');

    await writeTextFile(file, (write) => print(RESULT, 'csv', write));
    expect(await readFile(file.path, 'utf8')).toBe(await printed('csv'));
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
