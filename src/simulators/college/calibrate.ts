import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { asTable, compare } from './model/compare.ts';
import { endedEnrolments } from './model/ended.ts';
import { measure } from './model/measure.ts';
import type { Parameters } from './model/parameters.ts';
import { makeWorld } from './model/world.ts';
import { endedEnrolments as endedRealEnrolments } from './oulad/ended.ts';
import { readOuladFiles } from './oulad/files.ts';

/**
 * `npm run calibrate -- <folder>` measures the real students again and rewrites the parameters that the generated
 * college is drawn from; with or without a folder it rewrites the comparison in docs/simulated-college.md.
 */
const PARAMETERS = new URL('./model/oulad-parameters.json', import.meta.url);
const GUIDE = new URL('../../../docs/simulated-college.md', import.meta.url);
const SOURCE =
  'Open University Learning Analytics Dataset, presentations of 2013: Kuzilek J., Hlosta M., Zdrahal Z., Sci. Data 4:170171 (2017), doi:10.1038/sdata.2017.171. Changed: summarised.';
const STUDENTS = 2000;
const SEED = 1;

async function main(folder: string | undefined): Promise<void> {
  if (folder !== undefined) {
    const real = measure(endedRealEnrolments(await readOuladFiles(folder)), SOURCE, 'CC BY 4.0');
    await writeFile(PARAMETERS, `${JSON.stringify(real, null, 2)}\n`);
    process.stdout.write(`Measured ${real.enrolments} real enrolments: ${fileURLToPath(PARAMETERS)}\n`);
  }
  const real: Parameters = JSON.parse(await readFile(PARAMETERS, 'utf8'));
  const generated = measure(endedEnrolments(makeWorld(SEED, STUDENTS, undefined, real)), 'generated', 'MIT');
  const rows = compare(real, generated);
  const guide = await readFile(GUIDE, 'utf8');
  const table = `${real.enrolments} real enrolments beside ${generated.enrolments} generated ones (${STUDENTS} students, seed ${SEED}):\n\n${asTable(rows)}`;
  await writeFile(
    GUIDE,
    guide.replace(/(<!-- comparison -->)[\s\S]*(<!-- \/comparison -->)/, `$1\n${table}\n$2`),
  );
  const apart = rows.filter(({ real: a, generated: b, bound }) => Math.abs(a - b) > bound);
  process.stdout.write(
    `${rows.length - apart.length} of ${rows.length} measures lie within their bounds: ${fileURLToPath(GUIDE)}\n`,
  );
  for (const { what, real: a, generated: b } of apart)
    process.stdout.write(`  ${what}: ${a} real, ${b} generated\n`);
  process.exitCode = apart.length === 0 ? 0 : 1;
}

await main(process.argv[2]);
