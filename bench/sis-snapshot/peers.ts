import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installed } from '../../test/conformance/tools.ts';

const run = promisify(execFile);

/** Versions that were tried together. sling wants DuckDB's own program, and that wants two extensions beside it. */
const PACKAGES = [
  'dlt[parquet,filesystem]==1.31.0',
  'sqlalchemy',
  'pyarrow',
  'psycopg[binary]',
  'psycopg2-binary',
  'connectorx',
  'sling-linux-amd64==1.4.11',
  'duckdb-cli==1.5.5',
  'duckdb-extension-json==1.5.5',
  'duckdb-extension-httpfs==1.5.5',
];
const DUCKDB = 'v1.5.5';

export interface Peers {
  readonly python: string;
  readonly sling: string;
  readonly duckdb: string;
  /** A home folder in which DuckDB's program finds its extensions. */
  readonly home: string;
}

/** Installs the peers on first use. Needs Python 3.11 or newer, Linux and a registry. */
export async function installPeers(): Promise<Peers> {
  const folder = await installed('sis-snapshot', PACKAGES.join('\n'), async (home) => {
    console.error(`installing dlt, sling and DuckDB into ${home} …`);
    await run('python3', ['-m', 'venv', home]);
    const pip = ['-m', 'pip', 'install', '--quiet', ...PACKAGES];
    await run(join(home, 'bin/python'), pip, { maxBuffer: 1 << 26 });
  });
  const python = join(folder, 'bin/python');
  const { stdout } = await run(python, ['-c', "import sysconfig; print(sysconfig.get_paths()['purelib'])"]);
  const packages = stdout.trim();
  const home = join(folder, 'home');
  const extensions = join(home, '.duckdb/extensions', DUCKDB, 'linux_amd64');
  await mkdir(extensions, { recursive: true });
  for (const name of ['json', 'httpfs']) {
    const file = `${name}.duckdb_extension`;
    await copyFile(
      join(packages, `duckdb_extension_${name}/extensions/${DUCKDB}/${file}`),
      join(extensions, file),
    );
  }
  const duckdb = join(folder, 'bin/duckdb');
  await chmod(duckdb, 0o755);
  return { python, duckdb, home, sling: join(packages, 'sling_linux_amd64/bin/sling-linux-amd64') };
}
