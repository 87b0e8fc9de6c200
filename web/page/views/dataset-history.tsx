import { Link } from 'wouter-preact';
import type { Dataset } from '../../answers.ts';
import { Bars } from '../parts/bars.tsx';
import { literal, RowsLink, runPath } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty } from '../parts/state.tsx';
import { bytes, count, counted, duration, When } from '../parts/words.tsx';

const SHOWN = 90;
const LISTED = 14;

/** Rows of a table, run by run. */
export function RowsOverTime({ dataset: { checked = [] } }: { dataset: Dataset }) {
  const known = checked
    .flatMap(({ run, at, rows }) => (rows === undefined ? [] : [{ run, at, rows }]))
    .slice(0, SHOWN)
    .reverse();
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return null;
  return (
    <section>
      <h2>Rows over time</h2>
      <Bars
        label={`From ${count(first.rows)} to ${counted(last.rows, 'row')} in ${counted(known.length, 'run')}.`}
        bars={known.map(({ run, rows }) => ({ value: rows, title: `${counted(rows, 'row')} in run ${run}` }))}
      />
      <p class="quiet">
        {count(first.rows)} to {counted(last.rows, 'row')} in {counted(known.length, 'run')}
      </p>
    </section>
  );
}

/** What was loaded, newest first. */
export function Loads({ dataset: { table, loads } }: { dataset: Dataset }) {
  if (loads === undefined || loads.length === 0) return null;
  const shown = loads.slice(0, SHOWN);
  return (
    <section>
      <h2>Loads</h2>
      {shown.length === 0 ? (
        <Empty>Nothing has been loaded yet.</Empty>
      ) : (
        <>
          <Bars
            label={`Bytes of the last ${counted(shown.length, 'load')}.`}
            bars={[...shown].reverse().map(({ run, bytes: size = 0, kind }) => ({
              value: size,
              title: `${bytes(size)}, ${kind}, run ${run}`,
            }))}
          />
          <Scroll label="Loads">
            <table>
              <caption class="hidden">Loads of {table}</caption>
              <thead>
                <tr>
                  <th scope="col">Committed</th>
                  <th scope="col">Kind</th>
                  <th scope="col">Up to</th>
                  <th scope="col" class="number">
                    Size
                  </th>
                  <th scope="col" class="number">
                    Took
                  </th>
                  <th scope="col">Run</th>
                </tr>
              </thead>
              <tbody>
                {shown.slice(0, LISTED).map(({ run, kind, at, upTo, bytes: size, seconds }) => (
                  <tr key={`${run} ${at}`}>
                    <td>
                      <When at={at} />
                    </td>
                    <td>{kind}</td>
                    <td>
                      <When at={upTo} plain />
                    </td>
                    <td class="number">{size === undefined ? 'not known' : bytes(size)}</td>
                    <td class="number">{seconds === undefined ? 'not known' : duration(seconds)}</td>
                    <td>
                      <Link href={runPath(run)}>{run}</Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          <p>
            <RowsLink
              sql={`SELECT * FROM ops.loads WHERE dataset = ${literal(table)} ORDER BY committed_at DESC`}
            >
              All loads that were recorded
            </RowsLink>
          </p>
        </>
      )}
    </section>
  );
}
