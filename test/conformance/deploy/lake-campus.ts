import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { SimulatedCampus } from '../../../src/simulators/simulated-campus.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';
import { REGION } from '../aws/ministack.ts';

export const LAKE = 'lake-test';

/** What the models read, and a table of each kind that they do not: composite keys, money, bytes, times of day. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  canvas: [
    'assignment_groups',
    'assignments',
    'course_sections',
    'courses',
    'discussion_entries',
    'discussion_topics',
    'enrollment_terms',
    'enrollments',
    'pseudonyms',
    'scores',
    'submissions',
    'users',
    'web_logs',
  ],
  sis: [
    'bursar_charges',
    'finaid_awards',
    'registrar_grades',
    'registrar_persons',
    'registrar_registrations',
    'registrar_sections',
    'registrar_students',
    'registrar_terms',
    'registrar_test_scores',
  ],
};

/** Names of secrets, and what is in them. */
export function secretsOf({ canvas, sis }: SimulatedCampus): Record<string, string> {
  if (!canvas || !sis) throw new Error('both sources were asked for');
  return {
    [`${LAKE}/canvas`]: JSON.stringify({ id: canvas.clientId, secret: canvas.clientSecret }),
    // DMS's own form of a login.
    [`${LAKE}/sis`]: JSON.stringify({
      username: sis.user,
      password: sis.password,
      host: sis.host,
      port: sis.port,
    }),
    [`${LAKE}/pseudonyms`]: PSEUDONYM_KEY,
  };
}

const PSEUDONYM_KEY = 'the same key in both homes, 32 bytes or more';

/**
 * One campus in a folder with the project's models, procedures and a part of its catalog, described for both homes:
 * they differ in where secrets lie.
 * @returns the campus files
 */
export async function writeCampus(
  folder: string,
  simulated: SimulatedCampus,
): Promise<{ aws: string; local: string }> {
  const { canvas, sis } = simulated;
  if (!canvas || !sis) throw new Error('both sources were asked for');
  await mkdir(path.join(folder, 'catalog'));
  for (const part of ['models', 'warehouse', 'schemas'])
    await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  for (const [source, tables] of Object.entries(TABLES)) {
    const file = path.join('catalog', `${source}.yaml`);
    const catalog = parse(await readFile(path.join(ROOT, file), 'utf8')) as { datasets: { name: string }[] };
    const datasets = catalog.datasets.filter(({ name }) => tables.includes(name));
    await writeFile(path.join(folder, file), stringify({ ...catalog, datasets }));
  }
  const campus = (secret: (name: string, field?: string) => object) => ({
    name: 'Small College',
    timeZone: 'America/Chicago',
    profile: 'standard',
    lake: 'local',
    aws: { name: LAKE, account: '000000000000', region: REGION },
    sources: {
      canvas: {
        kind: 'canvas',
        url: canvas.url,
        clientId: secret('canvas', 'id'),
        clientSecret: secret('canvas', 'secret'),
        jobsPerMinute: 60_000,
      },
      sis: {
        kind: 'postgres',
        host: sis.host,
        port: sis.port,
        database: sis.database,
        user: sis.user,
        password: secret('sis', 'password'),
        ssl: 'disable',
        overInternet: true,
      },
    },
    privacy: { key: secret('pseudonyms') },
    notify: [],
  });
  const aws = path.join(folder, 'campus.yaml');
  const local = path.join(folder, 'campus-local.yaml');
  await writeFile(
    aws,
    stringify(campus((name, field) => ({ secretsManager: `${LAKE}/${name}`, ...(field ? { field } : {}) }))),
  );
  const texts: Record<string, string> = {
    'canvas-id': canvas.clientId,
    'canvas-secret': canvas.clientSecret,
    'sis-password': sis.password,
    pseudonyms: PSEUDONYM_KEY,
  };
  await writeFile(local, stringify(campus((name, field) => ({ file: field ? `${name}-${field}` : name }))));
  for (const [name, text] of Object.entries(texts)) await writeFile(path.join(folder, name), text);
  return { aws, local };
}
