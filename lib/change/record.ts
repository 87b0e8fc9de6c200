import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeployError } from '../errors.ts';
import { type Deployed, deployedSchema } from './deployed.ts';

/** Beside `campus.yaml` lies `campus.deployed.json`. @param campus the campus file, or its folder */
export function recordFileOf(campus: string): string {
  const file = statSync(campus, { throwIfNoEntry: false })?.isDirectory()
    ? join(campus, 'campus.yaml')
    : campus;
  return file.replace(/(\.ya?ml)?$/, '.deployed.json');
}

/**
 * What stood when it was last looked at, by `lake plan --target aws`. It is meant to be committed with campus.yaml, so
 * that a synthesis needs no credentials.
 * @returns undefined where nobody has looked, or nothing stood
 * @throws DeployError for a file that is not such a record
 */
export function readRecord(file: string): Deployed | undefined {
  if (!existsSync(file)) return undefined;
  const hint = 'npx lake plan --target aws writes it again.';
  const refuse = (cause: unknown) =>
    new DeployError(`${file} does not say what is deployed, as this version reads it`, {
      about: file,
      hint,
      cause,
    });
  try {
    return deployedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw refuse(cause);
  }
}

export function writeRecord(file: string, deployed: Deployed): void {
  writeFileSync(file, `${JSON.stringify(deployed, null, 2)}\n`);
}
