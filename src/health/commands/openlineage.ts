import type { Command } from 'commander';
import { lineageEvents } from '../../app/health/open-lineage.ts';
import { post } from '../../notify/send-http.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';

interface LineageFlags extends CommandFlags {
  readonly url?: string;
  readonly publication?: string;
}

export function defineOpenLineage(command: Command, tools: CommandTools): void {
  tools
    .addOptions(command)
    .option('--url <url>', 'post each event to this server. Default: print them, a line each')
    .option('--publication <id>', 'of an earlier publication that is still kept')
    .addHelpText(
      'after',
      `
One run event for each table that was staged, built or checked by the run that is published, in the format of
OpenLineage 2-0-2 with facets. --json prints one document.

Examples:
  $ lake openlineage > run.ndjson
  $ lake openlineage --url http://marquez:5000/api/v1/lineage`,
    )
    .action((flags: LineageFlags) =>
      tools.run(async () => {
        const events = await tools.withLake(flags, (lake) => lineageEvents(lake, flags.publication));
        if (flags.url !== undefined) {
          for (const event of events) await post('The lineage server', flags.url, event);
          process.stderr.write(`${events.length} events were posted.\n`);
        } else if (flags.json) tools.printJson(events);
        else for (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`);
      }, flags),
    );
}
