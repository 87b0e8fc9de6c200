import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyFrames } from '../../../../src/platform/local/replication/copy-frames.ts';

const message = (type: string, body: Buffer) => {
  const header = Buffer.alloc(5);
  header.write(type, 'latin1');
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};

/** The stream cut into chunks of the given sizes, again and again; chunks are copies, for they are written into. */
function* cut(stream: Buffer, sizes: readonly number[]) {
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length]!;
    yield Buffer.from(stream.subarray(at, at + size));
    at += size;
  }
}

describe('The frames of a COPY', () => {
  it('come off, whatever the cuts between the chunks', () => {
    const rows = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 20 });
    const sizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, sizes, (bodies, chunkSizes) => {
        const end = Buffer.concat([message('c', Buffer.alloc(0)), message('C', Buffer.from('COPY 3\0'))]);
        const stream = Buffer.concat([...bodies.map((body) => message('d', Buffer.from(body))), end]);
        const frames = new CopyFrames();
        const data: Buffer[] = [];
        let rest: Buffer | undefined;

        for (const chunk of cut(stream, chunkSizes)) {
          if (rest) {
            rest = Buffer.concat([rest, chunk]);
            continue;
          }
          const taken = frames.take(chunk);
          data.push(Buffer.from(taken.data));
          rest = taken.rest && Buffer.from(taken.rest);
        }

        expect(Buffer.concat(data)).toEqual(Buffer.concat(bodies.map((body) => Buffer.from(body))));
        expect(rest).toEqual(end);
      }),
      { numRuns: 300 },
    );
  });

  it('go on after a message that came between the rows', () => {
    const frames = new CopyFrames();
    const row = message('d', Buffer.from('1\n'));

    const first = frames.take(Buffer.concat([row, message('N', Buffer.from('notice'))]));
    const second = frames.take(Buffer.from(row));

    expect(first.data.toString() + second.data.toString()).toBe('1\n1\n');
    expect(first.rest).toEqual(message('N', Buffer.from('notice')));
  });
});
