import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextRepair } from '../../src/lms/text-repair.ts';
import { TextScan } from '../../src/lms/text-scan.ts';

async function repaired(text: Buffer, piece: number): Promise<{ text: Buffer; columns: object }> {
  const repair = new TextRepair();
  return { text: await buffer(Readable.from(cut(text, piece)).pipe(repair)), columns: repair.columns };
}

function isSuspicious(text: Buffer, piece: number): boolean {
  const scan = new TextScan();
  for (const part of cut(text, piece)) scan.look(part);
  scan.end();
  return scan.suspicious;
}

function cut(text: Buffer, piece: number): Buffer[] {
  const parts = [];
  for (let at = 0; at < text.length; at += piece) parts.push(text.subarray(at, at + piece));
  return parts;
}

/** What a JSON reader that takes no halves of pairs has to say. */
function isReadable(line: Buffer): boolean {
  let wellFormed = isUtf8(line);
  JSON.parse(line.toString(), (_name, value: unknown) => {
    if (typeof value === 'string') wellFormed &&= !/\p{Surrogate}/u.test(value);
    return value;
  });
  return wellFormed;
}

const record = (name: string, body: string) =>
  Buffer.from(
    `{"key":{"id":7},"value":{"name":"${name}","n":1,"more":{"x":["${body}"]}},"meta":{"ts":"t"}}\n`,
    'latin1',
  );

/** Parts of texts as they stand in a file, byte by byte: sound ones and others. */
const sound = fc.constantFrom(
  'a',
  'caf\u00c3\u00a9',
  '\u00f0\u009f\u0098\u0080',
  '\\ud83d\\ude00',
  '\\\\ud83d',
  '\\n',
  '\\"',
  '\\\\',
  'some longer words ',
);
const broken = fc.constantFrom(
  '\\ud83d',
  '\\uDE00',
  '\\uD83D\\n',
  '\\\\\\ud83d',
  'caf\u00e9',
  '\u00ed\u00a0\u0080',
  '\u00f0\u009f',
);
const inText = (part: fc.Arbitrary<string>) =>
  fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));

describe('text that a JSON reader refuses', () => {
  it('is found and repaired however the bytes are cut, and counted by column; all else passes untouched', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(inText(fc.oneof(sound, broken)), inText(sound)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 200 }),
        async (records, piece) => {
          const lines = records.map(([name, body]) => record(name, body));
          const file = Buffer.concat(lines);
          const bad = lines.filter((line) => !isReadable(line));

          const { text, columns } = await repaired(file, piece);

          const after = text.toString().split('\n').slice(0, -1);
          expect(after.map((line) => isReadable(Buffer.from(line)))).toEqual(lines.map(() => true));
          expect(columns).toEqual(bad.length > 0 ? { name: bad.length } : {});
          if (bad.length > 0) expect(isSuspicious(file, piece)).toBe(true);
          else expect(text.equals(file)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps what stands around it, and names the column of a nested text', async () => {
    const { text, columns } = await repaired(record('half \\ud83d of \\ud83d\\ude00', 'caf\u00e9'), 1000);

    expect(JSON.parse(text.toString()).value).toEqual({
      name: 'half \ufffd of 😀',
      n: 1,
      more: { x: ['caf\ufffd'] },
    });
    expect(columns).toEqual({ name: 1, more: 1 });
  });

  it('loses a byte order mark before a record, and only there', async () => {
    const line = Buffer.from('{"key":{"id":1},"value":{"name":"a\ufeffb"}}\n');
    const file = Buffer.concat([Buffer.from('\ufeff'), line, Buffer.from('\ufeff'), line]);

    expect(isSuspicious(file, 7)).toBe(true);
    expect(await repaired(file, 7)).toEqual({ text: Buffer.concat([line, line]), columns: {} });
  });

  it('is not suspected in JSON within JSON, in pairs of escapes or in other scripts', () => {
    const file = record(
      '{\\"a\\":\\"\\\\u003cp\\\\u003e\\"}\\ud83d\\ude00'.repeat(500),
      Buffer.from('李雷 Zoë 😀').toString('latin1'),
    );

    expect([64, 1000, 65_536].map((piece) => isSuspicious(file, piece))).toEqual([false, false, false]);
  });
});
