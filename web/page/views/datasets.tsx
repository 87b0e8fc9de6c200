import { Link, useLocation, useSearch } from 'wouter-preact';
import type { Datasets } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { RowsLink, TableLink } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { count, counted, When } from '../parts/words.tsx';

const SHOWN = 300;
const STATES = ['ok', 'late', 'unknown'] as const;

/** Every table, filtered by what is in the address. */
export function DatasetsView() {
  return (
    <View title="Datasets" lead="Every table that your role may know of: how old it is, who answers for it.">
      <Asked<Datasets> path="/api/datasets">{({ tables }) => <Tables tables={tables} />}</Asked>
    </View>
  );
}

function Tables({ tables }: { tables: Datasets['tables'] }) {
  const search = new URLSearchParams(useSearch());
  const [at, go] = useLocation();
  const [text, state] = [search.get('q') ?? '', search.get('state') ?? ''];
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    go(`${at}?${next}`, { replace: true });
  };
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = tables.filter(
    (table) =>
      (state === '' || table.state === state) &&
      words.every((word) => `${table.table} ${table.owner ?? ''}`.toLowerCase().includes(word)),
  );
  return (
    <>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          Name or owner{' '}
          <input type="search" value={text} onInput={(event) => set('q', event.currentTarget.value)} />
        </label>
        <label>
          State{' '}
          <select value={state} onChange={(event) => set('state', event.currentTarget.value)}>
            <option value="">all</option>
            {STATES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet">
          {counted(found.length, 'table')}
          {found.length > SHOWN ? `, the first ${SHOWN} shown` : ''}
        </span>
      </form>
      {found.length === 0 ? (
        <Empty>
          No table is like that. <Link href={at}>Clear the filter</Link>
        </Empty>
      ) : (
        <Scroll label="Tables">
          <table>
            <caption class="hidden">Tables</caption>
            <thead>
              <tr>
                <th scope="col">Table</th>
                <th scope="col">State</th>
                <th scope="col" class="number">
                  Rows
                </th>
                <th scope="col">Data up to</th>
                <th scope="col">Loaded or built</th>
                <th scope="col">Owner</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, SHOWN).map(({ table, state: is, rows, upTo, loadedAt, owner, whyOld }) => (
                <tr key={table}>
                  <th scope="row">
                    <TableLink table={table} />
                  </th>
                  <td>
                    <State name={is} />
                    {whyOld ? <span class="quiet"> {whyOld}</span> : null}
                  </td>
                  <td class="number">
                    {rows === undefined ? (
                      <span class="quiet">not known</span>
                    ) : (
                      <RowsLink sql={`SELECT * FROM ${table}`}>{count(rows)}</RowsLink>
                    )}
                  </td>
                  <td>
                    <When at={upTo} />
                  </td>
                  <td>
                    <When at={loadedAt} />
                  </td>
                  <td>{owner ?? <span class="quiet">nobody</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
