import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, cause, HOUR, pick, type Trouble } from './trouble.ts';

const TABLES = ['canvas.courses', 'canvas.users', 'sis.registrar_students', 'canvas.enrollments'] as const;

/** The files of what is staged of a dataset. */
async function stagedFiles({ campus, lake }: Bench, table: string): Promise<string[]> {
  const folder = join(campus.folder, lake, 'staged', table);
  const names = (await readdir(folder)).filter((file) => file.endsWith('.parquet'));
  return names.map((file) => join(folder, file));
}

const recordOf = ({ campus, lake }: Bench, key: string): string =>
  join(campus.folder, lake, 'ledger/state', `${encodeURIComponent(key)}.json`);

/** Stages in which a disk fills. */
const FILLED = ['Load canvas', 'Load sis', 'Load canvas'] as const;

export const OF_MACHINE: readonly Trouble[] = [
  {
    name: 'a secret that is missing',
    truth: cause('secret-missing', 'canvas'),
    async strike({ campus }) {
      delete process.env.CANVAS_CLIENT_SECRET;
      return async () => {
        process.env.CANVAS_CLIENT_SECRET = campus.simulated.canvas!.clientSecret;
      };
    },
  },
  {
    name: 'a full disk',
    truth: cause('disk-full', ''),
    mounts: true,
    async strike({ campus, lake }, seed) {
      const folder = join(campus.folder, lake);
      const aside = await mkdtemp(join(tmpdir(), 'aside-'));
      await cp(folder, aside, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', folder]);
      // The ledger lies on another disk: a lake that cannot record anything tells so in another way.
      await mkdir(join(folder, 'ledger'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', join(folder, 'ledger')]);
      await cp(aside, folder, { recursive: true });
      await rm(aside, { recursive: true });
      const balloon = join(folder, 'balloon');
      const free = () => rmSync(balloon, { force: true });
      return {
        // Another program fills the disk for a while.
        on(event) {
          if (event.type !== 'stage' || event.state !== 'started') return;
          if (event.title === 'Publish') free();
          if (event.title !== pick(FILLED, seed)) return;
          const { bavail, bsize } = statfsSync(folder);
          writeFileSync(balloon, Buffer.alloc(Math.max(0, bavail * bsize - 20_000)));
        },
        back: async () => free(),
      };
    },
  },
  {
    name: 'a staged file that was cut short',
    truth: cause('files-damaged'),
    async strike(bench, seed) {
      const [file] = await stagedFiles(bench, pick(TABLES, seed));
      const whole = await readFile(file!);
      await writeFile(file!, whole.subarray(0, whole.length / 2));
      return async () => undefined;
    },
  },
  {
    name: 'a record of the ledger that was cut short',
    truth: cause('record-damaged'),
    async strike(bench, seed) {
      await truncate(recordOf(bench, `dataset/${pick(TABLES, seed)}`), 40);
      return async () => undefined;
    },
  },
  {
    name: "the lake's clock is ahead",
    truth: cause('clock-differs', ''),
    clocks: (seed) => ({ lake: seed * 5 * HOUR }),
  },
  {
    name: "the lake's clock is behind",
    truth: cause('clock-differs', ''),
    clocks: (seed) => ({ lake: -seed * 4 * HOUR }),
  },
];
