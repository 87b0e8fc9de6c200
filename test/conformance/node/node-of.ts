import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { installed } from '../tools.ts';

/** A Node of this version from npm, installed on first use. @returns the program */
export async function nodeOf(version: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  const home = await installed(`node-${version}`, `${name}@${version}`, async (folder) => {
    await promisify(execFile)('npm', ['install', '--prefix', folder, '--no-save', `${name}@${version}`]);
  });
  return path.join(home, 'node_modules', name, 'bin/node');
}

/** That of the functions on AWS. */
export const FUNCTIONS_NODE = '24.21.0';
