import { resolve } from 'node:path';
import { type AccessFile, accessSchema } from '../campus/access-schema.ts';
import { CampusFileError } from '../campus/errors.ts';
import { nameOf, readText } from '../campus/files.ts';
import { byPlace } from '../campus/problem.ts';
import { readYaml } from '../campus/read-yaml.ts';
import { InputError } from '../errors.ts';
import { checkPolicy } from './check-policy.ts';
import { type AccessPolicy, type KnownTables, toPolicy } from './policy.ts';

/** The file of the policy, in the folder of campus.yaml. */
export const ACCESS_FILE = 'access.yaml';

/** Whether a campus has an access policy. */
export const hasPolicy = async (root: string): Promise<boolean> =>
  (await readText(resolve(root, ACCESS_FILE))) !== undefined;

/**
 * Reads the access policy of a campus.
 * @param root folder of campus.yaml
 * @param known every table that can be published: a name that is none of these is a mistake
 * @throws InputError where there is none
 * @throws CampusFileError naming every problem by line and column
 */
export async function loadPolicy(root: string, known: KnownTables): Promise<AccessPolicy> {
  const file = resolve(root, ACCESS_FILE);
  const text = await readText(file);
  if (text === undefined)
    throw new InputError(
      `There is no ${ACCESS_FILE} next to campus.yaml, so there is no role but administrator.`,
      {
        hint: 'docs/access.md shows how to write one',
        about: nameOf(file),
      },
    );
  const read = readYaml<AccessFile>(nameOf(file), text, accessSchema);
  if (read.value) read.add(checkPolicy(read.value, known));
  const problems = read.problems();
  if (problems.length > 0 || !read.value) throw new CampusFileError([...problems].sort(byPlace));
  return toPolicy(read.value, (path, on) => `${ACCESS_FILE}:${read.place(path, on).line}`);
}
