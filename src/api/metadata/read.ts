import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../../errors.ts';
import { inheritedRoleSchema, type Metadata, type TableMetadata, tableSchema } from './schema.ts';

/** The folder of Hasura's metadata, beside campus.yaml, as `hasura metadata export` writes it. */
export const METADATA_FOLDER = 'metadata';

/**
 * Reads Hasura's metadata as it is: `databases/<database>/tables/*.yaml` and `inherited_roles.yaml`.
 * @param root folder of campus.yaml
 * @returns undefined where there is none
 * @throws InputError naming the file, for one that cannot be read
 */
export async function readMetadata(root: string): Promise<Metadata | undefined> {
  const folder = join(root, METADATA_FOLDER);
  const files = (await readdir(folder, { recursive: true }).catch(() => []))
    .filter((file) => /(^|[\\/])tables[\\/][^\\/]+\.ya?ml$/.test(file) && !/[\\/]tables\.ya?ml$/.test(file))
    .sort();
  if (files.length === 0) return undefined;
  const tables = await Promise.all(
    files.map((file) => readOne(root, join(folder, file), (value) => tableSchema.parse(value))),
  );
  const inherited = await readOne(root, join(folder, 'inherited_roles.yaml'), (value) =>
    inheritedRoleSchema.array().parse(value ?? []),
  ).catch((error: unknown) => {
    if ((error as { cause?: { code?: string } }).cause?.code === 'ENOENT') return [];
    throw error;
  });
  return toMetadata(tables, inherited);
}

/** @throws InputError where a role inherits of itself */
export function toMetadata(
  tables: readonly TableMetadata[],
  inherited: readonly z.output<typeof inheritedRoleSchema>[],
): Metadata {
  const sets = new Map(inherited.map(({ role_name: role, role_set: set }) => [role, set]));
  for (const role of sets.keys())
    if (parentsOf(sets, role).has(role)) throw new InputError(`The role ${role} inherits of itself.`);
  const version = createHash('sha256')
    .update(JSON.stringify([tables, inherited]))
    .digest('hex')
    .slice(0, 16);
  return { tables: new Map(tables.map((table) => [table.table, table])), inherited: sets, version };
}

function parentsOf(sets: ReadonlyMap<string, readonly string[]>, role: string): Set<string> {
  const found = new Set<string>();
  const visit = (of: string) => {
    for (const parent of sets.get(of) ?? []) {
      if (found.has(parent)) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(role);
  return found;
}

async function readOne<T>(root: string, file: string, read: (value: unknown) => T): Promise<T> {
  try {
    return read(parse(await readFile(file, 'utf8')));
  } catch (error) {
    const issue = (error as { issues?: { path: PropertyKey[] }[] }).issues?.[0];
    throw new InputError(
      `${relative(root, file)} is not Hasura's metadata${issue ? ` at ${issue.path.join('.') || 'its top'}` : ''}.`,
      { cause: error, about: relative(root, file) },
    );
  }
}

/** Whether the metadata knows a role. */
export const knowsRole = ({ tables, inherited }: Metadata, role: string): boolean =>
  inherited.has(role) ||
  [...tables.values()].some(({ select_permissions: given }) => given.some((one) => one.role === role));
