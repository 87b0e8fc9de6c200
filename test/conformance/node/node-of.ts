import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = path.resolve(import.meta.dirname, '../../../.conformance');

/** A Node of this version from npm, installed into `.conformance/` where it is not there yet. @returns the program */
export async function nodeOf(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const home = path.join(CACHE, `node-${version}`);
  const node = path.join(home, 'node_modules', name, 'bin/node');
  const isThere = await access(node).then(
    () => true,
    () => false,
  );
  if (!isThere) await run('npm', ['install', '--prefix', home, '--no-save', `${name}@${version}`]);
  return node;
}

/** That of the functions on AWS. */
export const FUNCTIONS_NODE = '24.21.0';
