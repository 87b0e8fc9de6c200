import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UNFINISHED } from '../object-key.ts';
import { makeFolder } from './files/durable.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './files/process-identity.ts';

/**
 * Files being written, in a folder for each process that writes. The folder says whose it is, so that the folders
 * of dead writers can be removed by the next one.
 */
export class Drafts {
  readonly #folder: string;
  readonly #own: string;
  #ready: Promise<void> | undefined;

  constructor(root: string) {
    this.#folder = path.join(root, UNFINISHED);
    this.#own = path.join(this.#folder, randomUUID());
  }

  /** A path that no other draft has. */
  async create(): Promise<string> {
    this.#ready ??= this.#prepare();
    await this.#ready;
    return path.join(this.#own, randomUUID());
  }

  async #prepare(): Promise<void> {
    await makeFolder(this.#own);
    await writeFile(path.join(this.#own, 'writer.json'), JSON.stringify(ownIdentity()));
    for (const name of await readdir(this.#folder)) await this.#removeIfDead(path.join(this.#folder, name));
  }

  async #removeIfDead(folder: string): Promise<void> {
    // One without a (whole) name tag belongs to a writer that is just starting, or was killed while starting:
    // it holds no drafts, and costs nothing.
    try {
      const text = await readFile(path.join(folder, 'writer.json'), 'utf8');
      if (isAlive(JSON.parse(text) as ProcessIdentity)) return;
    } catch {
      return;
    }
    await rm(folder, { recursive: true, force: true });
  }
}
