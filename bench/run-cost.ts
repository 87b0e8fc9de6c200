import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { CollegeProcess } from '../bin/demo/college-process.ts';
import { demoCampus } from '../bin/demo/demo-campus.ts';
import { loadCollege, makeReady } from '../bin/demo/load-college.ts';
import { createCatalog } from '../src/campus/catalog.ts';
import type { LoadedCampus } from '../src/campus/load.ts';

/**
 * What a run costs by the number of students: the first load of a simulated college, the load of a day's changes, and
 * a run that finds nothing new, each as a multiple of what Node and DuckDB take to start and answer `SELECT 1`.
 * Counted is the processor time of the lake's own process, which other work on the machine changes little.
 */
const HELP =
  'npm run bench:run-cost -- [--students 12,500,2000] [--rounds 1] [--masks: also with masked columns]';

const { values } = parseArgs({
  options: {
    students: { type: 'string', default: '12,500,2000' },
    rounds: { type: 'string', default: '1' },
    masks: { type: 'boolean' },
    task: { type: 'string' },
    help: { type: 'boolean' },
  },
});

const SELF = fileURLToPath(import.meta.url);
const ROOT = join(dirname(SELF), '..');
const DAY_MS = 86_400_000;
const RUNS = ['first load', 'a day later', 'nothing new'] as const;

/** What a part of the work took, in seconds. */
interface Cost {
  readonly what: string;
  readonly cpu: number;
  readonly wall: number;
}

/** Measures in this process. The garbage of the part before is on the account of the part that collects it. */
async function costOf(what: string, work: () => Promise<unknown>): Promise<Cost> {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { what, cpu: (user + system) / 1e6, wall: (performance.now() - began) / 1000 };
}

/** The floor below any command: Node alone from its start, with a database that has answered. */
const BARE_START = `
  import { DuckDBInstance } from '@duckdb/node-api';
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('SELECT 1');
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify([{ what: 'bare start', cpu: (user + system) / 1e6, wall: performance.now() / 1000 }]));
`;

/**
 * The same campus with a mask on each text that names a person, and on birth dates. Ids stay, by which models join.
 */
function withMasks(loaded: LoadedCampus): LoadedCampus {
  let masked = 0;
  const datasets = loaded.catalog.datasets.map((dataset) => ({
    ...dataset,
    columns: dataset.columns.map((column) => {
      const isName =
        column.privacy === 'direct' &&
        column.type === 'varchar' &&
        column.pseudonymNamespace === undefined &&
        !/(^|_)(id|uuid)$/.test(column.name);
      if (dataset.key.includes(column.name) || !(isName || column.name === 'birth_date')) return column;
      masked += dataset.load === 'off' ? 0 : 1;
      return { ...column, mask: isName ? 'first_letter' : 'year from 1936' };
    }),
  }));
  console.error(`${masked} columns masked`);
  return { ...loaded, catalog: createCatalog(datasets) };
}

/** Three runs over one college. @throws Error where one of them fails */
async function runsOf(students: number, masks: boolean): Promise<Cost[]> {
  const root = await mkdtemp(join(tmpdir(), 'bench-run-cost-'));
  const college = new CollegeProcess();
  try {
    const plain = await demoCampus(join(root, 'lake'));
    const loaded = masks ? withMasks(plain) : plain;
    const doors = await college.open({ students, seed: 1, directory: join(root, 'simulator') });
    await makeReady(loaded);
    const signal = new AbortController().signal;
    const costs: Cost[] = [];
    for (const what of RUNS) {
      if (what === 'a day later') await college.advanceTo(doors.now + DAY_MS);
      const load = async () => {
        if (!(await loadCollege(loaded, doors, signal))) throw new Error(`The run "${what}" has failed.`);
      };
      costs.push(await costOf(what, load));
    }
    return costs;
  } finally {
    await college.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** Each measurement is a process of its own, so that none profits from what another has compiled. */
async function measure(args: readonly string[]): Promise<Cost[]> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 1e8 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Cost[];
}

async function compare(): Promise<void> {
  for (let round = 1; round <= Number(values.rounds); round++) {
    const [bare] = await measure(['--input-type=module', '-e', BARE_START]);
    const show = ({ what, cpu, wall }: Cost) =>
      console.log(
        `  ${what.padEnd(12)} ${cpu.toFixed(2).padStart(7)} s of processor, ${(cpu / bare!.cpu).toFixed(1).padStart(6)} bare starts, ${wall.toFixed(1)} s`,
      );
    console.log(`Round ${round}, Node ${process.versions.node}`);
    show(bare!);
    for (const students of values.students.split(',')) {
      console.log(`${students} students`);
      const plain = await measure(['--import', 'tsx', SELF, '--task', students]);
      for (const cost of plain) show(cost);
      if (!values.masks) continue;
      console.log('  with masks');
      for (const [i, cost] of (
        await measure(['--import', 'tsx', SELF, '--masks', '--task', students])
      ).entries()) {
        show(cost);
        console.log(`    ${(cost.cpu / plain[i]!.cpu).toFixed(2)} times that without`);
      }
    }
  }
}

if (values.help) console.log(HELP);
else if (values.task) console.log(JSON.stringify(await runsOf(Number(values.task), values.masks ?? false)));
else await compare();
