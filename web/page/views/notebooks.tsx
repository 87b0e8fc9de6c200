import type { Notebooks } from '../../answers-notebooks.ts';
import { Asked } from '../parts/asked.tsx';
import { Empty } from '../parts/state.tsx';

/** The notebooks of an incident. Each opens as a page of its own, whose queries are run anew for who looks. */
export function IncidentNotebooks({ id }: { id: string }) {
  return (
    <section>
      <h2>Notebooks</h2>
      <Asked<Notebooks> path={`/api/notebooks?incident=${encodeURIComponent(id)}`}>
        {({ notebooks }) =>
          notebooks.length === 0 ? (
            <Empty>
              None yet. <code>lake notebook {id.split('/').at(-1)}</code> writes one.
            </Empty>
          ) : (
            <ul class="matters">
              {notebooks.map(({ file, publication, runOf }) => (
                <li key={file}>
                  <a href={`/notebooks/${encodeURIComponent(file)}`}>{file}</a>
                  <p class="quiet">
                    {runOf === undefined ? null : <span>a run of {runOf}</span>}
                    {publication === undefined ? null : <span>reads {publication}</span>}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </section>
  );
}
