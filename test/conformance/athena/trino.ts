import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/platform/local/postgres/ports.ts';
import { REGION } from '../aws/ministack.ts';
import { endGroup } from '../aws/python-server.ts';
import { trinoQuery } from './trino-client.ts';
import { installTrino, installTrinoMemory, java25 } from './trino-install.ts';

/** A real Trino, the engine that Athena is made of, over the S3 and the Glue catalog of an emulator. */
export interface Trino {
  readonly url: string;
  stop(): Promise<void>;
}

/** A machine on which others work has been seen to need six minutes. */
const PATIENCE_MS = 900_000;

/** What a Trino has besides Athena's two kinds of tables. */
export interface TrinoOptions {
  /** Rules of its file-based access control, with a catalog `memory` whose tables they are about. Default: none. */
  readonly accessControl?: object;
}

export async function startTrino(awsEndpoint: string, { accessControl }: TrinoOptions = {}): Promise<Trino> {
  const home = await installTrino();
  const folder = await mkdtemp('/tmp/trino-');
  const port = await freePort();
  await writeConfiguration(folder, home, port, awsEndpoint);
  if (accessControl !== undefined) await writeAccessControl(folder, home, accessControl);
  const command = [
    '-Xmx3G',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Duser.timezone=UTC',
    '-Djdk.attach.allowAttachSelf=true',
    '--add-modules=jdk.incubator.vector',
    `-Dconfig=${folder}/config.properties`,
    '-Dnode.environment=conformance',
    `-Dlog.levels-file=${folder}/log.properties`,
    '-cp',
    `${home}/lib/*`,
    'io.trino.server.TrinoServer',
  ];
  const java = path.join(await java25(), 'bin/java');
  const child = spawn('sh', ['-c', 'exec "$0" "$@" > log.txt 2>&1', java, ...command], {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
  });
  const end = () => endGroup(child);
  process.once('exit', end);
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    process.off('exit', end);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const running = child.exitCode === null && child.signalCode === null;
    end();
    if (running) await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilItAnswers(url, child);
    return { url, stop };
  } catch (error) {
    const said = await readFile(path.join(folder, 'log.txt'), 'utf8').catch(() => '');
    await stop();
    throw new Error(`Trino did not start: ${(error as Error).message}\n${said.slice(-4000)}`);
  }
}

async function writeConfiguration(folder: string, home: string, port: number, aws: string): Promise<void> {
  const write = async (file: string, lines: readonly string[]) =>
    writeFile(path.join(folder, file), `${lines.join('\n')}\n`);
  await mkdir(path.join(folder, 'catalog'));
  await write('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'node.internal-address=127.0.0.1',
    'node.bind-ip=127.0.0.1',
    'http-server.log.enabled=false',
    // The only node is never taken for a failed one, however slowly a busy machine answers its heartbeats.
    'failure-detector.enabled=false',
    `plugin.dir=${home}/plugin`,
    `catalog.config-dir=${folder}/catalog`,
  ]);
  await write('log.properties', ['io.trino=WARN']);
  const emulated = [
    `hive.metastore.glue.endpoint-url=${aws}`,
    `hive.metastore.glue.region=${REGION}`,
    'hive.metastore.glue.aws-access-key=test',
    'hive.metastore.glue.aws-secret-key=test',
    'fs.native-s3.enabled=true',
    `s3.endpoint=${aws}`,
    's3.path-style-access=true',
    `s3.region=${REGION}`,
    's3.aws-access-key=test',
    's3.aws-secret-key=test',
  ];
  // Athena has one catalog for both kinds of tables: each of these hands over what is the other's.
  await write('catalog/hive.properties', [
    'connector.name=hive',
    'hive.metastore=glue',
    'hive.iceberg-catalog-name=iceberg',
    'hive.non-managed-table-writes-enabled=true',
    ...emulated,
  ]);
  await write('catalog/iceberg.properties', [
    'connector.name=iceberg',
    'iceberg.catalog.type=glue',
    'iceberg.hive-catalog-name=hive',
    'iceberg.expire-snapshots.min-retention=0s',
    'iceberg.remove-orphan-files.min-retention=0s',
    ...emulated,
  ]);
}

/** Where the file of the rules is not found, Trino allows everything: its path is absolute. */
async function writeAccessControl(folder: string, home: string, rules: object): Promise<void> {
  const plugins = path.join(folder, 'plugin');
  await mkdir(plugins);
  const memory = path.join(await installTrinoMemory(), 'memory');
  for (const plugin of [path.join(home, 'plugin/hive'), path.join(home, 'plugin/iceberg'), memory])
    await symlink(plugin, path.join(plugins, path.basename(plugin)));
  const file = path.join(folder, 'config.properties');
  const config = (await readFile(file, 'utf8')).replace(/plugin\.dir=.*/, `plugin.dir=${plugins}`);
  await writeFile(file, `${config}access-control.config-files=${folder}/access-control.properties\n`);
  await writeFile(
    path.join(folder, 'access-control.properties'),
    `access-control.name=file\nsecurity.config-file=${folder}/rules.json\n`,
  );
  await writeFile(path.join(folder, 'rules.json'), JSON.stringify(rules, null, 2));
  await writeFile(path.join(folder, 'catalog/memory.properties'), 'connector.name=memory\n');
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const ready = await trinoQuery(url, 'SELECT 1').then(
      () => true,
      () => false,
    );
    if (ready) return;
    await sleep(300);
  }
  throw new Error(`no answer in ${PATIENCE_MS / 1000} s`);
}
