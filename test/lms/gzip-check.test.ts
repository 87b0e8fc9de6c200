import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { CorruptFileError } from '../../src/lms/errors.ts';
import { GzipCheck } from '../../src/lms/gzip-check.ts';
import { ParquetCheck } from '../../src/lms/parquet-check.ts';
import { propertyRuns } from '../property-runs.ts';

/** The bytes that come out; rejects as the check does. */
async function through(check: GzipCheck | ParquetCheck, bytes: Uint8Array, chunk = 1000): Promise<Buffer> {
  const chunks = [];
  for (let i = 0; i < bytes.length; i += chunk) chunks.push(Buffer.from(bytes.subarray(i, i + chunk)));
  let out = Buffer.alloc(0);
  await pipeline(Readable.from(chunks), check, async (body) => {
    out = await buffer(body);
  });
  return out;
}

const members = fc.array(fc.uint8Array({ maxLength: 5000 }), { minLength: 1, maxLength: 3 });

describe('the gzip check', () => {
  it('lets a whole file through byte by byte, of one member or several', async () => {
    await fc.assert(
      fc.asyncProperty(members, fc.integer({ min: 1, max: 4000 }), async (parts, chunk) => {
        const file = Buffer.concat(parts.map((part) => gzipSync(part)));

        expect((await through(new GzipCheck('f'), file, chunk)).equals(file)).toBe(true);
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  it('refuses a file cut anywhere', async () => {
    const file = gzipSync(Buffer.from('{"key":{"id":1}}\n'.repeat(500)));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
        await expect(through(new GzipCheck('f'), file.subarray(0, length))).rejects.toThrow(CorruptFileError);
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('refuses a file with a wrong bit in its content, or with more behind its end', async () => {
    const file = gzipSync(Buffer.from('0123456789'.repeat(1000)));
    const wrong = Buffer.from(file);
    wrong[file.length - 6]! ^= 1;

    await expect(through(new GzipCheck('f'), wrong)).rejects.toThrow('is not a whole gzip file');
    for (const rest of ['rest', '\0\0\0rest', `${'\0'.repeat(5000)}r`]) {
      await expect(through(new GzipCheck('f'), Buffer.concat([file, Buffer.from(rest)]))).rejects.toThrow(
        CorruptFileError,
      );
    }
    await expect(through(new GzipCheck('f'), Buffer.from('{"key":1}\n'))).rejects.toThrow(CorruptFileError);
  });
});

describe('padding after the last member', () => {
  it('is let through, whichever way the bytes come, and counted', async () => {
    await fc.assert(
      fc.asyncProperty(
        members,
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 4000 }),
        async (parts, zeros, chunk) => {
          const file = Buffer.concat([...parts.map((part) => gzipSync(part)), Buffer.alloc(zeros)]);
          const check = new GzipCheck('f');

          expect((await through(check, file, chunk)).equals(file)).toBe(true);
          expect(check.padding).toBe(zeros);
        },
      ),
      { numRuns: propertyRuns(30) },
    );
  });
});

describe('the Parquet check', () => {
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'id', data: [1, 2, 3], type: 'INT32' }] }),
  );

  it('lets a whole file through byte by byte, in chunks of any size', async () => {
    for (const chunk of [1, 3, 8, 100_000]) {
      expect((await through(new ParquetCheck('f'), file, chunk)).equals(file)).toBe(true);
    }
  });

  it('refuses a file cut anywhere', async () => {
    for (let length = 0; length < file.length; length += 1) {
      await expect(through(new ParquetCheck('f'), file.subarray(0, length))).rejects.toThrow(
        CorruptFileError,
      );
    }
  });
});
