import type { Command } from 'commander';
import { InputError } from '../../errors.ts';
import { publicationOf } from '../../pipeline/published.ts';
import { knownUpTo } from '../../pipeline/table-facts.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake, Uses } from '../../ports/step.ts';
import { printable } from '../../printable.ts';
import { expiredInWords, listKept, readKeptModel, type StoredModel } from '../model-store.ts';
import { type Comparison, compareModels } from '../registry/compare.ts';
import { cardOf, comparisonCard, keepCard } from '../registry/comparison-card.ts';
import { keepDecisions } from '../registry/decision-rows.ts';
import { readLineage } from '../registry/lineage.ts';
import { unseenTerms } from '../registry/monitor.ts';
import {
  modelBefore,
  propose,
  putInUse,
  type Registry,
  readRegistry,
  rollBack,
} from '../registry/registry.ts';
import { NEEDED, READS } from '../scores.ts';
import { pastTerms } from '../terms.ts';
import { proposeTrained } from '../train.ts';
import { plainTable } from './plain-table.ts';
import { type StudyFlags, studying, studyOf, withStudyOptions } from './studying.ts';

interface DecidingFlags extends CommandFlags {
  readonly by?: string;
  readonly because?: string;
}

interface ProposeFlags extends StudyFlags {
  readonly contact?: string;
  readonly ifDue?: boolean;
}

const ABOUT = `
A trained model is kept with its card and its lineage: the publication and program it was made by, its parameters, the
terms it learned from, its figures. One is in use (the champion) and scores students; one more may be scored beside it
without anybody being shown its scores (the challenger). \`lake run\` measures for both, by the same week of past terms,
how far measures and risks have moved (ops.model_monitor).

Nothing is promoted by itself. Whoever promotes reads the comparison first, and gives a name and a reason
(ops.model_decisions keeps both).

  1. lake models propose                trains a challenger from all past terms; --if-due: only when a term has ended since
  2. lake models compare                both on the same students, as a card
  3. lake models promote <model> --by "J. Ito" --because "…"
     lake models roll-back --by "J. Ito" --because "…"

The models that are SQL files have nothing to do with this: \`lake describe <table>\`.`;

/** `lake models`: what becomes of trained models. */
export function defineModels(command: Command, tools: CommandTools): void {
  command.addHelpText('after', ABOUT);

  tools
    .addOptions(command.command('list', { isDefault: true }))
    .description('the kept models: which is in use, which is the challenger, what was decided')
    .action((flags: CommandFlags) => tools.run(() => list(tools, flags), flags));

  tools
    .addOptions(command.command('compare [challenger]'))
    .description('a challenger beside the model in use, on the same students; keeps the card')
    .addHelpText(
      'after',
      '\nWithout a name: the challenger. Where a term has ended that neither has learned from, by its outcomes.\n\nExample:\n  $ lake models compare early-warning-20261201-081500',
    )
    .action((challenger: string | undefined, flags: CommandFlags) =>
      tools.run(() => compare(tools, challenger, flags), flags),
    );

  withStudyOptions(command.command('propose [model]'), tools)
    .description('train a challenger from all past terms, or name a kept model; nobody is scored by it')
    .option('--if-due', 'only if a term has ended since the model in use was trained: for a schedule')
    .option('--contact <who>', 'who answers for it (default: as for the model in use)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ lake models propose --if-due            # once a week, by cron or a timer\n  $ lake models propose early-warning-20261201-081500',
    )
    .action((model: string | undefined, flags: ProposeFlags) =>
      tools.run(() => proposing(tools, model, flags), flags),
    );

  deciding(command.command('promote <model>'), tools)
    .description('put a kept model to use, from the next run on; its comparison must have been made')
    .addHelpText(
      'after',
      '\nExample:\n  $ lake models promote early-warning-20261201-081500 --by "J. Ito" --because "AUC .83 against .79 in 2026FA"',
    )
    .action((model: string, flags: DecidingFlags) => tools.run(() => promote(tools, model, flags), flags));

  deciding(command.command('roll-back'), tools)
    .description(
      'back to the model that was in use before, from the next run on; again: to the one before that',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ lake models roll-back --by "J. Ito" --because "two courses were named whole"',
    )
    .action((flags: DecidingFlags) => tools.run(() => back(tools, flags), flags));
}

const deciding = (command: Command, tools: CommandTools): Command =>
  tools
    .addOptions(command)
    .option('--by <who>', 'the name of the person who decides')
    .option('--because <text>', 'why; both are kept');

async function list(tools: CommandTools, flags: CommandFlags): Promise<void> {
  const found = await tools.withLake(flags, async (lake) => {
    const { objects, clock } = lake.platform;
    await keepDecisions(lake);
    const registry = await readRegistry(objects);
    const kept = await listKept(objects);
    const models = [];
    for (const id of [...new Set([...kept, ...named(registry)])].sort()) {
      const role = id === registry.champion ? 'champion' : id === registry.challenger ? 'challenger' : 'kept';
      const model = kept.includes(id) ? await readKeptModel(objects, id).catch(() => undefined) : undefined;
      const lineage = model && (await readLineage(objects, id).catch(() => undefined));
      models.push({
        id,
        role,
        isKept: kept.includes(id),
        ...(model
          ? {
              trainedAt: model.trainedAt,
              terms: model.terms,
              ...(model.brought ? { brought: model.brought.name } : {}),
              expires: model.expires,
              isExpired: expiredInWords(model, clock.now()) !== undefined,
            }
          : {}),
        ...(lineage ? { lineage } : {}),
      });
    }
    return { registry, models };
  });
  const { registry, models } = found;
  if (flags.json) {
    const before = modelBefore(registry);
    return tools.printJson({ ...registry, ...(before === undefined ? {} : { before }), models });
  }
  if (models.length === 0) {
    process.stdout.write('No model was trained yet: `lake early-warning report`, then `train`.\n');
    return;
  }
  const table = plainTable(['model', 'is', 'trained', 'from', 'AUC, week 8 or last before', 'valid until']);
  for (const one of models) {
    const week = one.lineage?.metrics.findLast((own) => own.week <= 8);
    table.push([
      one.id,
      one.isKept ? one.role : `${one.role}, files are gone`,
      one.trainedAt?.slice(0, 10) ?? '',
      one.brought ?? one.terms?.join(', ') ?? '',
      week ? `${week.auc.toFixed(3)} on ${one.lineage!.evaluatedOn}` : '',
      one.expires === undefined ? '' : `${one.expires}${one.isExpired ? ' (too old)' : ''}`,
    ]);
  }
  const decisions = registry.decisions
    .slice(-10)
    .map(
      ({ at, action, model, by, because }) =>
        `${at.slice(0, 16).replace('T', ' ')}  ${action} ${model}, by ${printable(by)}${because === '' ? '' : `: ${printable(because)}`}`,
    );
  const none = registry.champion === undefined ? '\nNo model is in use: nobody is scored.' : '';
  process.stdout.write(`${table}${none}${decisions.length > 0 ? `\n\n${decisions.join('\n')}` : ''}\n`);
}

const named = ({ champion, challenger }: Registry): string[] =>
  [champion, challenger].filter((one) => one !== undefined);

async function compare(
  tools: CommandTools,
  challenger: string | undefined,
  flags: CommandFlags,
): Promise<void> {
  const { comparison, key, uri } = await tools.whileWorking('Compare the models', flags, async (lake) => {
    const both = await bothModels(lake, challenger);
    const publication = await publicationOf(lake);
    const asOf = knownUpTo(publication.facts, [...READS, ...NEEDED]) ?? publication.asOf;
    const comparison = await compareModels(lake, publication.tables, asOf, both);
    const key = await keepCard(lake.platform.objects, comparison);
    return { comparison, key, uri: lake.platform.objects.uri(key) };
  });
  if (flags.json) return tools.printJson({ card: key, ...asJson(comparison) });
  process.stdout.write(`${comparisonCard(comparison)}\ncard  ${uri}\n`);
}

async function bothModels(
  lake: Uses<'objects'>,
  wanted: string | undefined,
): Promise<{ champion: StoredModel; challenger: StoredModel }> {
  const { objects } = lake.platform;
  const registry = await readRegistry(objects);
  if (registry.champion === undefined)
    throw new InputError('No model is in use, so there is nothing to compare with.', {
      hint: '`lake models promote <model>` puts a kept one to use; its model card says how well it does',
    });
  const id = wanted ?? registry.challenger;
  if (id === undefined)
    throw new InputError('There is no challenger.', {
      hint: '`lake models propose` trains one; `lake models compare <model>` takes any that is kept',
    });
  if (id === registry.champion)
    throw new InputError(`${id} is in use: compare another model with it.`, {
      hint: '`lake models list` shows the kept models',
    });
  return {
    challenger: await readKeptModel(objects, id),
    champion: await readKeptModel(objects, registry.champion),
  };
}

const asJson = ({ champion, challenger, ...rest }: Comparison) => ({
  champion: { model: champion.model.id, ...(champion.lineage ? { lineage: champion.lineage } : {}) },
  challenger: { model: challenger.model.id, ...(challenger.lineage ? { lineage: challenger.lineage } : {}) },
  ...rest,
});

async function proposing(tools: CommandTools, model: string | undefined, flags: ProposeFlags): Promise<void> {
  if (model !== undefined) {
    const changed = await tools.withLake(flags, async (lake) => {
      const { id } = await readKeptModel(lake.platform.objects, model);
      const by = flags.contact ?? lake.session.principal;
      const changed = await propose(lake.platform.objects, id, {
        at: nowOf(lake),
        by,
        because: 'named by hand',
      });
      await keepDecisions(lake);
      return changed;
    });
    if (flags.json) return tools.printJson({ challenger: model, changed });
    process.stdout.write(
      changed
        ? `${model} is the challenger.\nnext: \`lake models compare\`\n`
        : `${model} was the challenger already.\n`,
    );
    return;
  }
  const result = await studying(tools, flags, async (lake) => {
    const publication = await publicationOf(lake);
    if (flags.ifDue && !(await isDue(lake))) return undefined;
    const found = await studyOf(lake, flags);
    return proposeTrained(lake, found, { contact: flags.contact, by: lake.session.principal, publication });
  });
  if (flags.json)
    return tools.printJson(
      result ? { challenger: result.model.id, card: result.card, changed: true } : { changed: false },
    );
  process.stdout.write(
    result
      ? `${result.model.id} is the challenger, trained on ${result.model.terms.join(', ')}; the model in use stays.\n  model card  ${result.card}\nnext: \`lake models compare\`\n`
      : 'Nothing to do: no term has ended that the model in use or its challenger has not learned from.\n',
  );
}

/** Whether a term is over from which neither the model in use nor the challenger has learned. */
async function isDue(lake: Lake): Promise<boolean> {
  const { objects } = lake.platform;
  const publication = await publicationOf(lake);
  const asOf = knownUpTo(publication.facts, [...READS, ...NEEDED]) ?? publication.asOf;
  const past = await pastTerms(lake, publication.tables, asOf);
  const models = [];
  for (const id of named(await readRegistry(objects)))
    models.push(await readKeptModel(objects, id).catch(() => undefined));
  const own = models.filter((one) => one !== undefined && !one.brought);
  return past.length > 0 && own.every((model) => unseenTerms(model!, past).length > 0);
}

async function promote(tools: CommandTools, model: string, flags: DecidingFlags): Promise<void> {
  const { by, because } = decidingOf(flags, `lake models promote ${model}`);
  const { changed, before, card } = await tools.withLake(flags, async (lake) => {
    const { objects } = lake.platform;
    const { id } = await readKeptModel(objects, model);
    const before = (await readRegistry(objects)).champion;
    const card =
      before === undefined || before === id ? `early-warning/${id}/model-card.md` : cardOf(before, id);
    if (before !== id && (await objects.head(card)) === undefined)
      throw new InputError(
        before === undefined
          ? `${id} has no model card to read.`
          : `${id} was not compared with ${before}, which is in use.`,
        {
          hint:
            before === undefined
              ? '`lake early-warning train` writes one'
              : `\`lake models compare ${id}\` makes the card: read it first`,
        },
      );
    const changed = await putInUse(objects, id, 'promote', { at: nowOf(lake), by, because, card });
    await keepDecisions(lake);
    return { changed, before, card };
  });
  if (flags.json)
    return tools.printJson({ model, changed, ...(before === undefined ? {} : { before }), card });
  process.stdout.write(
    changed
      ? `${model} is in use${before === undefined ? '' : ` in place of ${before}`}.\nnext: \`lake run\` scores by it; \`lake models roll-back\` goes back\n`
      : `${model} was in use already.\n`,
  );
}

async function back(tools: CommandTools, flags: DecidingFlags): Promise<void> {
  const { by, because } = decidingOf(flags, 'lake models roll-back');
  const result = await tools.withLake(flags, async (lake) => {
    const { objects } = lake.platform;
    const isKept = async (id: string) => (await listKept(objects)).includes(id);
    const result = await rollBack(objects, isKept, { at: nowOf(lake), by, because });
    await keepDecisions(lake);
    return result;
  });
  if (flags.json) return tools.printJson(result);
  process.stdout.write(
    `${result.model} is in use again, in place of ${result.before}.\nnext: \`lake run\` scores by it\n`,
  );
}

/** @throws InputError where one is missing: a promotion has a name and a reason */
function decidingOf({ by, because }: DecidingFlags, example: string): { by: string; because: string } {
  const missing = [
    ...((by ?? '').trim() === '' ? ['--by'] : []),
    ...((because ?? '').trim() === '' ? ['--because'] : []),
  ];
  if (missing.length > 0)
    throw new InputError(`Say who decides, and why: ${missing.join(' and ')} must be given.`, {
      hint: `${example} --by "J. Ito" --because "…"`,
    });
  return { by: by!.trim(), because: because!.trim() };
}

const nowOf = (lake: Uses<'clock'>): string => new Date(lake.platform.clock.now()).toISOString();
