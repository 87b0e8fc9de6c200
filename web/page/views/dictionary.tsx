import { useEffect, useRef } from 'preact/hooks';
import { useLocation, useSearch } from 'wouter-preact';
import type { Found } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { TableLink } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted } from '../parts/words.tsx';

/** Tables and columns by what is said of them. */
export function DictionaryView() {
  const text = new URLSearchParams(useSearch()).get('q') ?? '';
  const [, go] = useLocation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <View title="Dictionary" lead="What each table and column means. The key / comes here from any view.">
      <search>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <label>
            Search{' '}
            <input
              ref={field}
              type="search"
              value={text}
              onInput={(event) =>
                go(`/dictionary?q=${encodeURIComponent(event.currentTarget.value)}`, { replace: true })
              }
            />
          </label>
        </form>
      </search>
      <Asked<Found> keepsBefore path={`/api/dictionary?q=${encodeURIComponent(text)}`}>
        {(found) => <Entries found={found} text={text} />}
      </Asked>
    </View>
  );
}

function Entries({ found: { total, entries }, text }: { found: Found; text: string }) {
  if (entries.length === 0)
    return <Empty>Nothing is said of “{text}”. Fewer or shorter words find more.</Empty>;
  const isSearch = text.trim() !== '';
  return (
    <>
      <p class="quiet" role="status">
        {isSearch ? counted(total, 'entry', 'entries') : counted(total, 'table')}
        {total > entries.length ? `, the first ${entries.length} shown` : ''}
      </p>
      <Scroll label="Dictionary">
        <table>
          <caption class="hidden">Dictionary</caption>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">What it is</th>
              <th scope="col">Type</th>
              <th scope="col">Privacy class</th>
              {isSearch ? <th scope="col">Why it was found</th> : <th scope="col">Owner</th>}
            </tr>
          </thead>
          <tbody>
            {entries.map(({ table, column, type, privacy, treatment, mask, description, owner, why }) => (
              <tr key={`${table} ${column ?? ''}`}>
                <th scope="row">
                  <TableLink table={table} />
                  {column ? <span class="name column"> {column}</span> : null}
                </th>
                <td>{description ?? <span class="quiet">nothing is said</span>}</td>
                <td>{type ?? 'table'}</td>
                <td>
                  {privacy}
                  {treatment && treatment !== 'keep' ? <span class="tag">{mask ?? treatment}</span> : null}
                </td>
                <td class="quiet">{isSearch ? why : owner}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}
