import { lazy, Suspense } from 'preact/compat';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';
import type { Answer, Completion } from '../../answers.ts';
import { useAnswer } from '../parts/asked.tsx';
import { Failed, State, Waiting } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted, duration } from '../parts/words.tsx';
import { Chart } from '../query/chart.tsx';
import { ResultTable } from '../query/result-table.tsx';
import { Saved } from '../query/saved.tsx';
import { useStatement } from '../query/use-statement.ts';

const Editor = lazy(async () => (await import('../query/editor.tsx')).Editor);

const EXAMPLE = 'SELECT status, count(*) AS n\nFROM campus.submissions\nGROUP BY status\nORDER BY n DESC';

/** Athena's SQL, written with help, answered in pages. The address is the query. */
export function QueryView() {
  const search = new URLSearchParams(useSearch());
  const [, go] = useLocation();
  const linked = search.get('sql') ?? '';
  const [text, setText] = useState(linked === '' ? EXAMPLE : linked);
  // The editor owns what is written in it: a text that came back to it late would undo what was typed since.
  const [given, setGiven] = useState({ text });
  const { statement, run, stop } = useStatement();
  const { data: completion } = useAnswer<Completion>('/api/completion');
  const open = (sql: string) => {
    setText(sql);
    setGiven({ text: sql });
    go(`/query?sql=${encodeURIComponent(sql)}`, { replace: true });
    run(sql);
  };
  useEffect(() => {
    if (search.get('run') === '1' && linked !== '') open(linked);
  }, [linked]);
  const { answer, error, isAsked } = statement;
  const mistake = useMemo(
    () => (error?.line === undefined ? undefined : { line: error.line, column: error.column ?? 1 }),
    [error],
  );
  const isRunning = isAsked || answer?.isDone === false;
  return (
    <View
      title="Query"
      lead="A SELECT in Athena's SQL over what is published. What is asked is put on record."
    >
      <Suspense fallback={<Waiting />}>
        <Editor given={given} completion={completion} mistake={mistake} onChange={setText} onRun={open} />
      </Suspense>
      <div class="actions">
        <button type="button" class="main" onClick={() => open(text)} disabled={text.trim() === ''}>
          Run
        </button>
        {isRunning ? (
          <button type="button" onClick={stop}>
            Stop
          </button>
        ) : null}
        <button type="button" onClick={() => copyLink(text)}>
          Copy link
        </button>
        <span class="quiet">Ctrl+Enter runs it. Tab leaves the editor; Escape closes a list first.</span>
      </div>
      <Saved text={text} onOpen={open} />
      {error ? <Failed error={error} /> : null}
      {isAsked ? (
        <p role="status">
          <State name="running">Waiting for the first rows …</State>
        </p>
      ) : null}
      {answer ? <Answered answer={answer} onSort={(column) => open(sortedBy(text, column))} /> : null}
    </View>
  );
}

const copyLink = (sql: string): void => {
  void navigator.clipboard?.writeText(`${location.origin}/query?sql=${encodeURIComponent(sql)}`);
};

const SORTED = /^SELECT \* FROM \(\n([\s\S]*)\n\) ORDER BY (\d+)( DESC)?$/;

/** The statement with its rows in another order; asked again, in the other direction. */
function sortedBy(sql: string, column: number): string {
  const [, inner, before, descending] = SORTED.exec(sql) ?? [];
  const bare = inner ?? sql.trim().replace(/;+\s*$/, '');
  const turns = Number(before) === column && descending === undefined;
  return `SELECT * FROM (\n${bare}\n) ORDER BY ${column}${turns ? ' DESC' : ''}`;
}

function Answered({ answer, onSort }: { answer: Answer; onSort: (column: number) => void }) {
  const { id, rows, isDone, isCut, seconds, remarks } = answer;
  return (
    <section aria-label="Answer">
      <div class="actions">
        <p>
          <State name={isDone ? 'ok' : 'running'}>
            {isCut
              ? `more than ${counted(rows, 'row')}; so many are kept for scrolling, exports have all`
              : counted(rows, 'row')}
            {isDone ? ` in ${duration(seconds)}` : ' so far'}
          </State>
        </p>
        <a href={`/api/answers/${id}/export/csv`} download>
          CSV
        </a>
        <a href={`/api/answers/${id}/export/parquet`} download>
          Parquet
        </a>
      </div>
      {remarks.map(({ text }) => (
        <p key={text} class="note">
          {text}
        </p>
      ))}
      {rows === 0 && isDone ? (
        <p class="empty">No row is like that.</p>
      ) : (
        <ResultTable answer={answer} onSort={onSort} />
      )}
      {rows > 1 ? (
        <details>
          <summary>Chart</summary>
          <Chart answer={answer} />
        </details>
      ) : null}
    </section>
  );
}
