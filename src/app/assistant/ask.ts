import { randomUUID } from 'node:crypto';
import { type Answer, emptyAnswer } from '../../assistant/answer.ts';
import { diagnose } from '../../assistant/diagnose.ts';
import type { IncidentFact, TableFact } from '../../assistant/facts.ts';
import { answerMetadata, unknownName } from '../../assistant/metadata.ts';
import { Budget, type Used } from '../../assistant/model/budget.ts';
import { reread } from '../../assistant/model/reread.ts';
import { tell } from '../../assistant/model/tell.ts';
import { type Understood, understand } from '../../assistant/question/understand.ts';
import type { Vocabulary } from '../../assistant/question/vocabulary.ts';
import { QUESTIONS } from '../../assistant/tables.ts';
import { debugLog } from '../../debug-log.ts';
import { InputError } from '../../errors.ts';
import { runStamp } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';
import type { AppLake } from '../app-lake.ts';
import { type DictionaryEntry, dictionaryEntries } from '../dictionary/dictionary-entries.ts';
import { mayReadPeople } from './may-read-people.ts';
import { readFacts, readIncidentFacts, readRunIds, readTableFacts } from './read-facts.ts';

export type { Answer } from '../../assistant/answer.ts';

/** What questions need of a lake; whose session it is decides what is looked at. */
export type AskLake = AppLake & Uses<'languageModel'>;

export interface AskOptions {
  /** Whether no language model is asked, whatever campus.yaml says. Default: no. */
  readonly rulesOnly?: boolean;
}

/** Longer texts are no question. */
const LONGEST = 2_000;

/**
 * Answers a question in words about the lake, as the session's role may see it: why something is late, failed or wrong,
 * how a table is, which table has something, what a name means. Each cause cites rows of the ledger. Writes one row of
 * `ops.questions`, which has no word of the question.
 * @throws InputError for an empty text, or one of more than 2,000 characters
 *
 * @example
 * ```ts
 * import type { AppLake } from '../app-lake.ts';
 * import { ask } from './ask.ts';
 *
 * async function likeliest(lake: AppLake): Promise<string | undefined> {
 *   const { causes } = await ask(lake, 'why is canvas.submissions late?');
 *   return causes[0]?.text;
 * }
 * ```
 */
export async function ask(
  lake: AskLake,
  text: string,
  { rulesOnly = false }: AskOptions = {},
): Promise<Answer> {
  const question = text.trim();
  if (question === '')
    throw new InputError('There is no question.', { hint: 'such as: lake ask "what is wrong?"' });
  if (question.length > LONGEST)
    throw new InputError(`The question is longer than ${LONGEST} characters.`, {
      hint: 'Ask in one sentence.',
    });
  const began = performance.now();
  const known = await readKnown(lake);
  const read = understand(question, known.vocabulary, lake.platform.clock.now());
  const { assistant } = lake.campus;
  const model = rulesOnly || !assistant ? undefined : lake.platform.languageModel;
  const budget = new Budget(assistant?.tokens ?? 0, assistant?.seconds ?? 1);
  const asked = model && read.intent === 'unknown' && !read.isPersonal ? await readAgain(read) : read;
  const byRules = await answerOf(lake, question, asked, known);
  const told =
    model && byRules.causes.length > 0
      ? await tell(model, budget, question, byRules, namesOf(known))
      : { answer: byRules, rejected: 0 };
  const ms = Math.round(performance.now() - began);
  return keep(lake, told.answer, { ms, rejected: told.rejected, used: budget.used });

  /** A model that fails costs its help only. */
  async function readAgain(before: Understood): Promise<Understood> {
    const found = await reread(model!, budget, question, known.vocabulary).catch((error: unknown) => {
      debugLog('a language model', error);
      return undefined;
    });
    if (!found) return before;
    const { intent, tables, sources } = found;
    return { ...before, intent, tables: before.tables.length > 0 ? before.tables : tables, sources };
  }
}

const namesOf = ({ vocabulary }: Known): string[] => [
  ...vocabulary.tables.flatMap((table) => [
    table,
    ...(table.split('.')[1]!.includes('_') ? [table.split('.')[1]!] : []),
  ]),
  ...vocabulary.sources,
  ...[...vocabulary.columns.keys()].filter((column) => column.includes('_')),
];

interface Known {
  readonly vocabulary: Vocabulary;
  readonly entries: readonly DictionaryEntry[];
  readonly tables: ReadonlyMap<string, TableFact>;
  readonly incidents: readonly IncidentFact[];
}

async function readKnown(lake: AppLake): Promise<Known> {
  const [entries, tables, incidents, runs = []] = await Promise.all([
    dictionaryEntries(lake),
    readTableFacts(lake),
    readIncidentFacts(lake),
    readRunIds(lake),
  ]);
  const columns = new Map<string, string[]>();
  for (const { table, column } of entries)
    if (column !== undefined)
      columns.set(column.toLowerCase(), [...(columns.get(column.toLowerCase()) ?? []), table]);
  return {
    entries,
    tables,
    incidents,
    vocabulary: {
      tables: [...new Set([...tables.keys(), ...incidents.flatMap((one) => one.tables)])].sort(),
      sources: Object.keys(lake.campus.sources),
      columns,
      incidents: incidents.map(({ id }) => id),
      runs,
      zone: lake.campus.timeZone,
    },
  };
}

async function answerOf(lake: AppLake, text: string, asked: Understood, known: Known): Promise<Answer> {
  if (asked.isPersonal) return aboutPerson(asked, await mayReadPeople(lake));
  if (asked.isFuture && asked.intent !== 'find' && asked.intent !== 'define')
    return {
      ...emptyAnswer('unknown', 'I do not know what is to come: I tell what the ledger has recorded.', asked),
      next: [{ text: 'See when newer rows are expected.', command: 'lake health' }],
    };
  const isNamed = asked.tables.length + asked.sources.length + asked.columns.length > 0;
  if (asked.unknown.length > 0 && !isNamed && asked.incident === undefined && asked.run === undefined)
    return unknownName(asked);
  if (asked.intent === 'find' || asked.intent === 'define' || asked.intent === 'owner')
    return answerMetadata(text, asked, known.entries);
  if (asked.intent === 'unknown') return unknownName(asked);
  const now = lake.platform.clock.now();
  const at = asked.window === undefined ? now : Math.min(now, Date.parse(asked.window.to));
  return diagnose(await readFacts(lake, { at, incidents: known.incidents, tables: known.tables }), asked);
}

/** Nothing of the question is repeated: what it names may be a person. */
function aboutPerson({ intent }: Understood, mayRead: boolean): Answer {
  if (!mayRead)
    return emptyAnswer(
      'refused',
      'The question may name a person, and this role does not see single people. I have not looked.',
      { intent },
    );
  return {
    ...emptyAnswer('elsewhere', 'The question may name a person. I answer on data, runs and tables only.', {
      intent,
    }),
    next: [
      { text: 'Ask for rows in SQL; the access is put on record.', command: 'lake query --role <role>' },
      { text: 'See what the lake has of one person, or who looked at it.', link: 'docs/subject-requests.md' },
    ],
  };
}

/** Puts the question on record without its words. A lake that cannot be written answers all the same, and says so. */
async function keep(
  lake: AppLake,
  answer: Answer,
  { ms, rejected, used }: { readonly ms: number; readonly rejected: number; readonly used: Used },
): Promise<Answer> {
  const now = lake.platform.clock.now();
  const { session, platform } = lake;
  const [cause] = answer.causes;
  try {
    await platform.ledger.append(QUESTIONS.name, [
      {
        id: `${runStamp(now)}-q-${randomUUID().slice(0, 8)}`,
        run: '',
        asked_at: new Date(now).toISOString(),
        principal: session.principal,
        role: session.role,
        intent: answer.intent,
        about: answer.about.join(', '),
        answer: answer.kind,
        cause: cause ? `${cause.reason}|${cause.component}` : null,
        evidence: answer.evidence.length,
        answered_by: answer.by.kind === 'model' ? answer.by.model : 'rules',
        fell_back: answer.by.kind === 'rules' ? (answer.by.fellBack?.code ?? null) : null,
        rejected_claims: rejected,
        calls: used.calls,
        tokens_in: used.tokensIn,
        tokens_out: used.tokensOut,
        ms,
      },
    ]);
    return answer;
  } catch (error) {
    debugLog('a question', error);
    return {
      ...answer,
      remarks: [...answer.remarks, 'The lake cannot be written, so this question is not on record.'],
    };
  }
}
