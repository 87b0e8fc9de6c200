import type { Readable } from 'node:stream';

/** What a file is by its first bytes: names are no contract of the source. `text`: neither of the others. */
export type FileKind = 'empty' | 'gzip' | 'parquet' | 'text';

/** Enough to tell the kinds apart. */
const HEAD_BYTES = 4;

/** Looks at the first bytes of a body and puts them back. A body that breaks before them rejects. */
export async function kindOf(body: Readable): Promise<FileKind> {
  const head = await headOf(body);
  if (head.length === 0) return 'empty';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head.toString('latin1') === 'PAR1' ? 'parquet' : 'text';
}

async function headOf(body: Readable): Promise<Buffer> {
  let head = Buffer.alloc(0);
  // The next reader of the body sees its error, too; in between nobody listens.
  body.on('error', () => {});
  while (head.length < HEAD_BYTES) {
    const chunk = body.read() as Buffer | null;
    if (chunk) head = Buffer.concat([head, chunk]);
    else if (body.readableEnded) break;
    else if (!(await more(body))) break;
  }
  // What has ended takes nothing back, and there is nothing to put back into it but a few bytes.
  if (head.length > 0) body.unshift(head);
  return head.subarray(0, HEAD_BYTES);
}

/** @returns whether there may be something to read; false: the body has ended */
function more(body: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void) => {
      for (const [event, listener] of listeners) body.off(event, listener);
      how();
    };
    const listeners: [string, (error?: Error) => void][] = [
      ['readable', () => settle(() => resolve(true))],
      ['end', () => settle(() => resolve(false))],
      ['error', (error) => settle(() => reject(error))],
      ['close', () => settle(() => resolve(false))],
    ];
    for (const [event, listener] of listeners) body.once(event, listener);
  });
}
