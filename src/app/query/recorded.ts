import { isPersonId, PeopleSeen } from '../../access/log/people.ts';
import {
  type AccessChannel,
  type AccessFacts,
  type AccessOutcome,
  newAccess,
  recordAccess,
} from '../../access/log/record-access.ts';
import { LakeError } from '../../errors.ts';
import type { Cell, QueryResult } from '../../ports/query-engine.ts';
import type { Grant } from '../../ports/session.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableSet } from '../../ports/tables.ts';
import { columnsRead } from '../../sql/columns-read.ts';
import { literalsOf, shapeOf } from '../../sql/literals-of.ts';
import { type ParsedStatement, parseStatement } from '../../sql/parse.ts';
import type { Question } from './query-lake.ts';

/** What is known of the tables that a question is asked of. */
interface AskedOf {
  readonly id: string;
  readonly tables: TableSet;
  readonly facts: Readonly<
    Record<
      string,
      {
        readonly header?: {
          readonly columns: readonly { readonly name: string; readonly privacy: string }[];
        };
      }
    >
  >;
}

type Recording = Uses<'session' | 'access' | 'catalog' | 'clock' | 'ledger' | 'target'>;

/**
 * One question to the lake, as it is put on record. A lake on AWS is asked with the rights of whoever has signed in
 * there, and AWS keeps the record of it.
 */
export class RecordedQuestion {
  readonly #lake: Recording;
  readonly #facts: Omit<AccessFacts, 'outcome'>;
  readonly #statement: ParsedStatement | undefined;
  readonly #publication: AskedOf;
  /** Whether everything has been put on record so far. */
  isOnRecord = true;

  private constructor(
    lake: Recording,
    publication: AskedOf,
    statement: ParsedStatement | undefined,
    facts: Omit<AccessFacts, 'outcome'>,
  ) {
    this.#lake = lake;
    this.#publication = publication;
    this.#statement = statement;
    this.#facts = facts;
  }

  static async of(
    lake: Recording,
    publication: AskedOf,
    { sql, parameters = [] }: Question,
    about: { readonly channel: AccessChannel; readonly destination?: string },
  ): Promise<RecordedQuestion> {
    const statement = await parseStatement(sql, parameters).catch(() => undefined);
    return new RecordedQuestion(lake, publication, statement, {
      ...about,
      access: newAccess(),
      publication: publication.id,
      statement: shapeOf(sql),
      named: [...literalsOf(sql), ...parameters.map(({ value }) => value)],
      reads: readsOf(statement, publication),
    });
  }

  /** Does what may be refused or fail; both are put on record. */
  async asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const isRefused = error instanceof LakeError && error.exitCode === 2;
      await this.record(isRefused ? 'refused' : 'failed', { reason: reasonOf(error) });
      throw error;
    }
  }

  async record(outcome: AccessOutcome, more: Partial<AccessFacts> = {}): Promise<void> {
    if (this.#lake.platform.target === 'aws') return;
    // What reads no table shows nothing of the lake.
    if (outcome !== 'refused' && !this.#statement?.tables.length) return;
    if (!(await recordAccess(this.#lake, { ...this.#facts, ...more, outcome }))) this.isOnRecord = false;
  }

  /**
   * The same rows, put on record before the first of them is given out. Where they come in several batches that is
   * when the answer begins, and how it ended follows.
   * @param unrecorded called before the first row where the administrator reads a lake that cannot be written
   */
  recorded(result: QueryResult, from: Grant, unrecorded: () => void): QueryResult {
    const question = this;
    const at = this.#personColumns(result, from);
    return {
      ...result,
      async *batches() {
        const people = at.length > 0 ? new PeopleSeen() : undefined;
        let rows = 0;
        const count = (batch: Cell[][]): Cell[][] => {
          rows += batch.length;
          if (people) for (const row of batch) for (const i of at) people.add(row[i]);
          return batch;
        };
        const batches = result.batches()[Symbol.asyncIterator]();
        const next = () => batches.next();
        let outcome: AccessOutcome = 'stopped';
        let reason: string | undefined;
        let isBegun = false;
        try {
          const first = await next();
          const second = first.done ? first : await next();
          if (!first.done) count(first.value);
          isBegun = true;
          if (second.done) await question.record('answered', { rows, people });
          else await question.record('begun');
          if (!question.isOnRecord) unrecorded();
          if (second.done) outcome = 'answered';
          if (!first.done) yield first.value;
          if (second.done) return;
          yield count(second.value);
          for (let more = await next(); !more.done; more = await next()) yield count(more.value);
          await question.record('answered', { rows, people });
          outcome = 'answered';
        } catch (error) {
          outcome = 'failed';
          reason = reasonOf(error);
          throw error;
        } finally {
          await batches.return?.();
          if (outcome === 'failed' || (outcome === 'stopped' && isBegun))
            await question.record(outcome, { rows, people, reason });
        }
      },
    };
  }

  /** Where in a row of the answer the ids of people stand, by their names; masked ones stand for nobody. */
  #personColumns({ columns }: QueryResult, { views }: Grant): number[] {
    const ids = new Set<string>();
    for (const { name } of this.#statement?.tables ?? [])
      for (const [column, privacy] of this.#classesOf(name))
        if (isPersonId(column, privacy) && !views?.[name]?.masked.includes(column)) ids.add(column);
    return columns.flatMap(({ name }, i) => (ids.has(name.toLowerCase()) ? [i] : []));
  }

  #classesOf(table: string): (readonly [string, string | undefined])[] {
    const dataset = this.#lake.catalog.datasets.find(({ id }) => id === table);
    const columns = dataset?.columns ?? this.#publication.facts[table]?.header?.columns ?? [];
    return columns.map(({ name, privacy }) => [name, privacy]);
  }
}

const reasonOf = (error: unknown): string => (error instanceof LakeError ? error.code : 'internal');

/** By table, the columns that there are and that the statement may read. Other names in it are not kept. */
function readsOf(
  statement: ParsedStatement | undefined,
  { tables }: AskedOf,
): ReadonlyMap<string, readonly string[]> {
  const reads = new Map<string, readonly string[]>();
  if (statement?.kind !== 'select') return reads;
  for (const [table, read] of columnsRead(statement)) {
    if (!Object.hasOwn(tables, table) && !table.startsWith('ops.')) continue;
    const all = tables[table]?.columns.map(({ name }) => name) ?? [];
    reads.set(table, read === 'all' ? all : all.filter((name) => read.has(name.toLowerCase())));
  }
  return reads;
}
