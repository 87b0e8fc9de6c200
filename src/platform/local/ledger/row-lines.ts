import { createReadStream } from 'node:fs';
import type { OpsRow } from '../../../ports/ledger.ts';

const NEWLINE = 0x0a;

/** A row as it stands in a file of rows, or what is no row: what a failing disk has left. */
export type RowLine = { readonly line: Buffer; readonly row: OpsRow } | { readonly damaged: true };

/**
 * The rows of a file, one after another, so that its size does not matter. What follows the last line break is no row
 * (yet). A file that is not there has none.
 * @param idPrefix only rows whose id starts with it; others are mostly not even parsed. Default: all
 */
export async function* rowLines(file: string, idPrefix = ''): AsyncGenerator<RowLine> {
  const start = Buffer.from('{"id":"');
  const wanted = Buffer.from(`{"id":${JSON.stringify(idPrefix).slice(0, -1)}`);
  for await (const line of lines(file)) {
    if (begins(line, start) && !begins(line, wanted)) continue;
    const row = parse(line);
    if (!row) yield { damaged: true };
    else if (row.id.startsWith(idPrefix)) yield { line, row };
  }
}

async function* lines(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
        const end = chunk.subarray(from, at);
        yield rest.length > 0 ? Buffer.concat([...rest, end]) : end;
        rest = [];
        from = at + 1;
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const begins = (line: Buffer, start: Buffer): boolean => line.subarray(0, start.length).equals(start);

function parse(line: Buffer): OpsRow | undefined {
  try {
    const row = JSON.parse(line.toString('utf8')) as OpsRow;
    return typeof row?.id === 'string' ? row : undefined;
  } catch {
    return undefined;
  }
}
