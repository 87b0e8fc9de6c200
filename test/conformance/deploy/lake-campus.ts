import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { SimulatedCampus } from '../../../src/simulators/simulated-campus.ts';
import { ROOT } from '../../end-to-end/small-campus.ts';
import { REGION } from '../aws/ministack.ts';

export const LAKE = 'lake-test';

/** Tables of a kind that the models do not read: money, keys of several columns, scores with fractions, times of day. */
const OTHERS = ['sis.bursar_charges', 'sis.finaid_awards', 'sis.registrar_test_scores'];

interface Dataset {
  readonly name: string;
  readonly columns: readonly { readonly name: string }[];
}

/** What the models read, and the others. */
async function tablesInUse(): Promise<Set<string>> {
  const folder = path.join(ROOT, 'models');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  const models = await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')));
  return new Set([...OTHERS, ...models.join('\n').matchAll(/\b(?:canvas|sis)\.[a-z_]+/g)].map(String));
}

/** Who gets aid is told by pseudonym. */
function pseudonymised(dataset: Dataset): Dataset {
  if (dataset.name !== 'finaid_awards') return dataset;
  const columns = dataset.columns.map((column) =>
    column.name === 'student_id' ? { ...column, treatment: 'pseudonym' } : column,
  );
  return { ...dataset, columns };
}

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

const PSEUDONYM_KEY = 'the same key in both targets, 32 bytes or more';

/**
 * One campus in a folder with the project's models, procedures and a part of its catalog, described for both targets:
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
  const wanted = await tablesInUse();
  for (const source of ['canvas', 'sis']) {
    const file = path.join('catalog', `${source}.yaml`);
    const catalog = parse(await readFile(path.join(ROOT, file), 'utf8')) as { datasets: Dataset[] };
    const datasets = catalog.datasets
      .filter(({ name }) => wanted.has(`${source}.${name}`))
      .map(pseudonymised);
    await writeFile(path.join(folder, file), stringify({ ...catalog, datasets }));
  }
  const campus = (secret: (name: string, field?: string) => object) => ({
    name: 'Small College',
    timeZone: 'America/Chicago',
    profile: 'standard',
    lake: 'local',
    // The same names of databases as on one machine.
    aws: { name: LAKE, databasePrefix: '', account: '000000000000', region: REGION },
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
