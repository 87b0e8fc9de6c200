import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../answers.ts';
import { count } from '../parts/words.tsx';
import { RowPages } from './row-pages.ts';
import { firstRow, stageHeight, topOf } from './scroll.ts';

const VISIBLE = 18;

/** The most that the style lets it be high. */
const ROOM = 548;

interface ResultTableProps {
  readonly answer: Answer;
  /** Sorts on the server. @param column its place, from 1 */
  readonly onSort: (column: number) => void;
}

/** All rows of an answer, of which only those in sight are in the page. */
export function ResultTable({ answer, onSort }: ResultTableProps) {
  const { id, rows, columns, isDone } = answer;
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const pages = useMemo(() => new RowPages(id, () => redraw(undefined)), [id]);
  const scroller = useRef<HTMLElement>(null);
  const [first, setFirst] = useState(0);
  useEffect(() => {
    setFirst(0);
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [id]);
  const visible = Math.min(VISIBLE, rows);
  const goTo = (row: number) => {
    const to = Math.max(0, Math.min(row, rows - visible));
    setFirst(to);
    if (scroller.current) scroller.current.scrollTop = topOf(to, rows);
  };
  const onKey = (event: KeyboardEvent) => {
    const by: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: visible,
      PageUp: -visible,
      Home: -rows,
      End: rows,
    };
    const step = by[event.key];
    if (step === undefined) return;
    event.preventDefault();
    goTo(first + step);
  };
  const onScroll = () => {
    const top = scroller.current?.scrollTop ?? 0;
    // What the keys have set stands: a pixel may be many rows.
    if (Math.abs(top - topOf(first, rows)) >= 1) setFirst(firstRow(top, rows, visible));
  };
  const shown = Array.from({ length: visible }, (_, i) => first + i);
  return (
    <div class="result">
      <section
        class="rows"
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={onKey}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Rows of the answer"
      >
        <div class="stage" style={{ height: `${stageHeight(rows, visible, ROOM)}px` }}>
          <table aria-rowcount={isDone ? rows + 1 : -1} style={{ top: 0 }}>
            <caption class="hidden">Rows of the answer</caption>
            <thead>
              <tr aria-rowindex={1}>
                <th scope="col" class="number">
                  #
                </th>
                {columns.map(({ name, type }, i) => (
                  <th key={`${i} ${name}`} scope="col" title={type} class={isNumber(type) ? 'number' : ''}>
                    <button
                      type="button"
                      onClick={() => onSort(i + 1)}
                      title={`${type}; sort by this column`}
                    >
                      {name}
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((index) => {
                const row = pages.row(index);
                return (
                  <tr key={index} aria-rowindex={index + 2}>
                    <th scope="row" class="number quiet">
                      {count(index + 1)}
                    </th>
                    {columns.map(({ name, type }, i) => (
                      <td key={`${i} ${name}`} class={isNumber(type) ? 'number' : ''}>
                        {row === undefined ? <span class="quiet">…</span> : <Cell value={row[i]} />}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
      {rows > visible ? (
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            const field = event.currentTarget.elements.namedItem('row') as HTMLInputElement;
            goTo(Number(field.value) - 1);
          }}
        >
          <label>
            Go to row <input name="row" type="number" min={1} max={rows} required />
          </label>
          <button type="submit">Go</button>
        </form>
      ) : null}
    </div>
  );
}

function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span class="quiet">null</span>;
  return <>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</>;
}

export const isNumber = (type: string): boolean =>
  /^(tinyint|smallint|integer|bigint|real|double|decimal)/.test(type);
