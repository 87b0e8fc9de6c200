import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Channel,
  fileChannel,
  openChannel,
} from '../../../../src/platform/local/replication/channel.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'channel-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const readAll = (file: string) => readFile(file, 'latin1');

async function writeMuch(sink: Writable): Promise<number> {
  const chunk = Buffer.alloc(65_536, 'x');
  for (let i = 0; i < 64; i++) {
    if (sink.destroyed) throw new Error('the stream is gone');
    if (!sink.write(chunk)) await drained(sink);
  }
  return 64 * chunk.length;
}

function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      sink.off('drain', go).off('close', go);
      resolve();
    };
    sink.on('drain', go).on('close', go);
  });
}

describe.each([
  ['a named pipe', (name: string) => openChannel(path.join(folder, name))],
  ['a file', async (name: string) => fileChannel(path.join(folder, name))],
])('A channel over %s', (kind, open: (name: string) => Promise<Channel>) => {
  it('carries streams one after another, whole', async () => {
    const channel = await open(`${kind} 1`);
    for (let round = 0; round < 3; round++) {
      const [read, written] = await channel.transfer(readAll, writeMuch);
      expect(read.length).toBe(written);
    }
    const [read] = await channel.transfer(readAll, async () => undefined);
    expect(read).toBe('');
    await channel.close();
  });

  it('tells why the writer failed, and lets the reader go', async () => {
    const channel = await open(`${kind} 2`);
    const broken = channel.transfer(readAll, async (sink) => {
      sink.write('half');
      throw new Error('the SIS is gone');
    });

    await expect(broken).rejects.toThrow('the SIS is gone');
    expect((await channel.transfer(readAll, writeMuch))[0].length).toBe(64 * 65_536);
    await channel.close();
  });

  it('tells why the reader failed, before it began or half-way, and lets the writer go', async () => {
    const channel = await open(`${kind} 3`);
    const early = channel.transfer(async () => {
      throw new Error('cannot read this');
    }, writeMuch);
    await expect(early).rejects.toThrow('cannot read this');

    const late = channel.transfer(async (file) => {
      for await (const _ of createReadStream(file, { highWaterMark: 1000 })) throw new Error('read enough');
    }, writeMuch);
    await expect(late).rejects.toThrow('read enough');
    await channel.close();
  });

  it('leaves nothing behind', async () => {
    expect(await readdir(folder)).toEqual([]);
  });
});
