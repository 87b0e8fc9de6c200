import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeployError } from '../errors.ts';
import { type Deployed, deployedSchema } from './deployed.ts';

/**
 * Next to `campus.yaml` lies `campus.deployed.json`, or `campus.prod.deployed.json` for the environment `prod`.
 * @param campus the campus file, or its folder
 */
export function recordFileOf(campus: string, environment?: string): string {
  const file = statSync(campus, { throwIfNoEntry: false })?.isDirectory()
    ? join(campus, 'campus.yaml')
    : campus;
  const part = environment === undefined ? '' : `.${environment}`;
  return file.replace(/(\.ya?ml)?$/, `${part}.deployed.json`);
}

/**
 * What was deployed when `lake plan --target aws` last ran. It is meant to be committed with campus.yaml, so
 * that a synthesis needs no credentials.
 * @returns undefined where it never ran, or nothing was deployed
 * @throws DeployError for a file that is not such a record
 */
export function readRecord(file: string): Deployed | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return deployedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    // Not overwritten: only the record knows of resources that outlived their stack.
    throw new DeployError(`${file} does not say what is deployed, as this version reads it`, {
      about: file,
      hint: 'Restore it from version control. If there is no earlier one, delete it and run npx lake plan --target aws.',
      cause,
    });
  }
}

/** Writes it whole or not at all. */
export function writeRecord(file: string, deployed: Deployed): void {
  const draft = `${file}.part`;
  writeFileSync(draft, `${JSON.stringify(deployed, null, 2)}\n`);
  renameSync(draft, file);
}
