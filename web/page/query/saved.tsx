import { useQueryClient } from '@tanstack/preact-query';
import { useContext, useState } from 'preact/hooks';
import type { SavedQueries, SavedQuery } from '../../answers.ts';
import { send } from '../api.ts';
import { useAnswer } from '../parts/asked.tsx';
import { Failed } from '../parts/state.tsx';
import { MeContext } from '../parts/words.tsx';

/** Queries that are files of the repository: opened by their title, and kept under one. */
export function Saved({ text, onOpen }: { text: string; onOpen: (sql: string) => void }) {
  const { data } = useAnswer<SavedQueries>('/api/queries');
  const client = useQueryClient();
  const isAdministrator = useContext(MeContext)?.isAdministrator ?? false;
  const [title, setTitle] = useState('');
  const [error, setError] = useState<unknown>();
  const [kept, setKept] = useState<SavedQuery>();
  const save = async () => {
    setError(undefined);
    try {
      setKept(await send<SavedQuery>('POST', '/api/queries', { title, sql: text }));
      await client.invalidateQueries({ queryKey: ['/api/queries'] });
    } catch (thrown) {
      setError(thrown);
    }
  };
  const queries = data?.queries ?? [];
  return (
    <details class="saved">
      <summary>Saved queries ({queries.length})</summary>
      <ul>
        {queries.map(({ name, title: shown, sql }) => (
          <li key={name}>
            <button type="button" class="link" onClick={() => onOpen(sql.trim())}>
              {shown}
            </button>{' '}
            <span class="quiet">queries/{name}.sql</span>
          </li>
        ))}
      </ul>
      {isAdministrator ? (
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <label>
            Title{' '}
            <input
              value={title}
              required
              maxLength={200}
              onInput={(event) => setTitle(event.currentTarget.value)}
            />
          </label>
          <button type="submit">Save this query</button>
          <span role="status" class="quiet">
            {kept ? `Kept as queries/${kept.name}.sql; commit it to share it.` : ''}
          </span>
        </form>
      ) : null}
      {error ? <Failed error={error} /> : null}
    </details>
  );
}
