import { Link, useLocation, useSearch } from 'wouter-preact';
import type { Incidents } from '../../answers-trust.ts';
import { Asked } from '../parts/asked.tsx';
import { TableLink } from '../parts/links.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted, When } from '../parts/words.tsx';
import { Incident } from './incident.tsx';

const NAMED = 8;

/** What has gone wrong, by cause: each with its evidence, whose it is, and what can be done. */
export function IncidentsView() {
  const search = new URLSearchParams(useSearch());
  const id = search.get('id');
  return id === null ? <All isAll={search.get('all') === 'yes'} /> : <Incident id={id} />;
}

export const incidentPath = (id: string): string => `/incidents?id=${encodeURIComponent(id)}`;

function All({ isAll }: { isAll: boolean }) {
  const [, go] = useLocation();
  return (
    <View title="Incidents" lead="One incident is one cause, however many tables are late because of it.">
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>
          <input
            type="checkbox"
            checked={isAll}
            onChange={() => go(isAll ? '/incidents' : '/incidents?all=yes', { replace: true })}
          />{' '}
          resolved ones too
        </label>
      </form>
      <Asked<Incidents> path={`/api/incidents?all=${isAll ? 'yes' : 'no'}`}>
        {({ incidents }) =>
          incidents.length === 0 ? (
            <Empty>{isAll ? 'There was no incident yet.' : 'No incident is open.'}</Empty>
          ) : (
            <ul class="matters">
              {incidents.map((one) => (
                <li key={one.id}>
                  <p>
                    <State name={one.severity === 'error' ? 'failed' : 'attention'}>
                      <Link href={incidentPath(one.id)}>{one.title}</Link>
                    </State>{' '}
                    <span class="tag">{one.state}</span>
                  </p>
                  <p class="quiet">
                    <span>{one.assignee}</span>
                    <span>
                      since <When at={one.openedAt} />
                    </span>
                    <span>seen in {counted(one.runs, 'run')}</span>
                    {one.tables.slice(0, NAMED).map((table) => (
                      <TableLink key={table} table={table} />
                    ))}
                    {one.tables.length > NAMED ? <span>+{one.tables.length - NAMED} more</span> : null}
                    {one.affected.length > 0 ? (
                      <span>{counted(one.affected.length, 'more table')} affected</span>
                    ) : null}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </View>
  );
}
