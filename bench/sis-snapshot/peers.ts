import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

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

/** Installs the peers once, into `.conformance/sis-snapshot`. Needs Python 3.11 or newer, Linux and a registry. */
export async function installPeers(): Promise<Peers> {
  const folder = resolve('.conformance/sis-snapshot');
  const python = join(folder, 'bin/python');
  const installed = await stat(join(folder, 'installed')).catch(() => undefined);
  if (!installed) {
    console.error('installing dlt, sling and DuckDB into .conformance/sis-snapshot …');
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { maxBuffer: 1 << 26 });
    await mkdir(join(folder, 'installed'));
  }
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
