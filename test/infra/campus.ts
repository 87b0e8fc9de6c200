import { join } from 'node:path';
import type { RoleAccess } from '../../lib/access/role-access.ts';
import { type Settings, settingsOf } from '../../lib/settings.ts';
import type { CatalogDataset } from '../../src/campus/campus.ts';
import { type CampusFile, campusSchema } from '../../src/campus/campus-schema.ts';
import { createCatalog } from '../../src/campus/catalog.ts';

const ROOT = join(import.meta.dirname, '../..');

const secret = (secretsManager: string, field?: string) => ({ secretsManager, field });
/** What a person writes; what is left out has its default. */
export const CAMPUS = {
  name: 'Riverbend College',
  timeZone: 'America/Chicago',
  sources: {
    canvas: {
      kind: 'canvas',
      clientId: secret('riverbend/canvas', 'id'),
      clientSecret: secret('riverbend/canvas', 'secret'),
    },
    sis: {
      kind: 'postgres',
      host: 'sis.riverbend.example',
      database: 'sis',
      user: 'lake',
      password: secret('riverbend/sis', 'password'),
      ssl: 'require',
      overInternet: true,
    },
  },
};

/** A table with a key, and a column that is excluded. */
function table(source: string, name: string): CatalogDataset {
  const columns: CatalogDataset['columns'] = [
    { name: 'id', type: 'bigint', privacy: 'quasi', nullable: false },
    { name: 'national_id', type: 'varchar', privacy: 'secret' },
  ];
  return { source, id: `${source}.${name}`, name, namespace: 'public', table: name, key: ['id'], columns };
}

/** Groups of IAM Identity Center by role: each sees one table whole and some rows of another. */
function roleAccessOf(groups: Readonly<Record<string, string>>): RoleAccess | undefined {
  const named = Object.entries(groups);
  if (named.length === 0) return undefined;
  return {
    isTableKnown: true,
    groups: named.map(([key, group]) => {
      const [role = '', purpose = 'work'] = key.split('/');
      const view = (table: string, rows?: string) => ({
        ...{ role, purpose, table, columns: ['id'] },
        ...(rows === undefined ? {} : { rows }),
      });
      const views = [view('sis.users'), view('sis.terms', `"id" < ${group.length}`)];
      return { group, role, purpose, views, gaps: [] };
    }),
  };
}

/** What the app makes of a campus.yaml with two tables in each source. */
export function settingsFor(campus: unknown, options: Parameters<typeof settingsOf>[1] = {}): Settings {
  const file: CampusFile = campusSchema.parse(campus);
  const roleAccess = roleAccessOf(file.aws?.access?.groups ?? {});
  const sources = Object.keys(file.sources);
  const catalog = createCatalog(sources.flatMap((s) => [table(s, 'users'), table(s, 'terms')]));
  return settingsOf({ campus: { ...file, root: ROOT }, catalog }, { roleAccess, ...options });
}
