import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake } from '../../ports/step.ts';
import { announce } from '../announce.ts';
import { exposition } from '../export/exposition.ts';
import { grafanaDashboard } from '../export/grafana.ts';
import { samplesOf } from '../export/metrics.ts';
import { prometheusRules } from '../export/prometheus-rules.ts';
import { openObjectives } from '../open-objectives.ts';
import { standings } from '../standing.ts';

const FORMATS = ['prometheus', 'grafana'] as const;

/** `lake slo metrics` and `export`: what other programs read. */
export function defineOutputs(command: Command, tools: CommandTools): void {
  tools
    .addTargetOption(tools.addOptions(command.command('metrics')))
    .description('the service levels as Prometheus reads them')
    .option('--listen <port>', 'answer them at http://127.0.0.1:<port>/metrics until it is stopped')
    .addHelpText(
      'after',
      `
The text format of Prometheus, once, or for whoever asks on this machine. A file for node_exporter's textfile collector
does as well.

Examples:
  $ lake slo metrics --listen 9464
  $ lake slo metrics > /var/lib/node_exporter/campus_lake.prom`,
    )
    .action((flags: CommandFlags & { listen?: string }) =>
      tools.run(async () => {
        if (flags.listen !== undefined) {
          const port = portOf(flags.listen);
          return tools.withLake(flags, (lake) => listen(lake, port));
        }
        const samples = await tools.withLake(flags, async (lake) => {
          const { ledger, clock } = lake.platform;
          return samplesOf(await standings(ledger, await openObjectives(lake), clock.now()));
        });
        if (flags.json) tools.printJson(samples);
        else process.stdout.write(exposition(samples));
      }, flags),
    );

  tools
    .addTargetOption(tools.addOptions(command.command('notify')))
    .description('tell the team which alerts have begun to fire, have ended, or have no data')
    .addHelpText(
      'after',
      `
A run does it at its end; a lake on AWS, every five minutes. On one machine let cron call it, so that an alert is told
while there is still budget. Nothing is told twice. A webhook is sent a CloudEvent.

Example of a crontab:
  */5 * * * * cd /srv/lake && npx lake slo notify`,
    )
    .action((flags: CommandFlags) =>
      tools.run(async () => {
        const told = await tools.withLake(flags, announce);
        if (flags.json) tools.printJson(told);
        else process.stdout.write(`${told.changes} changes of alerts, ${told.told} notices sent.\n`);
        return told.failed === 0 ? 0 : 1;
      }, flags),
    );

  tools
    .addOptions(command.command('export'))
    .argument('<format>', `one of ${FORMATS.join(', ')}`)
    .description('alert rules for Prometheus, or a dashboard for Grafana, of these objectives')
    .addHelpText(
      'after',
      `
prometheus: rules that fire and end as the lake's own alerts do. Prometheus 2.42 or later reads them.
grafana: a dashboard to import.

Examples:
  $ lake slo export prometheus > campus-lake.rules.yaml && promtool check rules campus-lake.rules.yaml
  $ lake slo export grafana > campus-lake.json`,
    )
    .action((format: string, flags: CommandFlags) => tools.run(() => print(tools, format, flags), flags));
}

/** @throws InputError for what is no port */
function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535)
    throw new InputError(`--listen ${text} is no port.`, { hint: 'a number from 1 to 65535, such as 9464' });
  return port;
}

/** Answers on loopback until the process is told to end. */
async function listen(lake: Lake, port: number): Promise<void> {
  const [{ serve }, { metricsServer }] = await Promise.all([
    import('@hono/node-server'),
    import('../export/metrics-server.ts'),
  ]);
  const server = serve({ fetch: metricsServer(lake, port).fetch, port, hostname: '127.0.0.1' });
  process.stderr.write(`Metrics at http://127.0.0.1:${port}/metrics; Ctrl-C ends it.\n`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new InputError(`Port ${port} is in use.`, { hint: 'name another one', cause: error })
          : error,
      ),
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await new Promise((done) => server.close(done));
}

async function print(tools: CommandTools, format: string, flags: CommandFlags): Promise<void> {
  if (!isFormat(format))
    throw new InputError(`There is no format "${format}".`, { hint: `one of ${FORMATS.join(', ')}` });
  const { name, objectives } = await tools.withLake(flags, async (lake) => ({
    name: lake.campus.name,
    ...(await openObjectives(lake)),
  }));
  if (format === 'grafana') tools.printJson(grafanaDashboard(`${name}: service levels of the data lake`));
  else process.stdout.write(prometheusRules(objectives));
}

const isFormat = (text: string): text is (typeof FORMATS)[number] =>
  (FORMATS as readonly string[]).includes(text);
