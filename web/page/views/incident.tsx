import { Link } from 'wouter-preact';
import type { IncidentDetails } from '../../answers-trust.ts';
import { Asked } from '../parts/asked.tsx';
import { literal, RowsLink, runPath, TableLink } from '../parts/links.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { When } from '../parts/words.tsx';
import { Actions } from './incident-actions.tsx';
import { IncidentNotebooks } from './notebooks.tsx';

const NAMED = 20;
const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** One incident: what is seen, why it is taken for this cause, what else it may be, what was done and can be done. */
export function Incident({ id }: { id: string }) {
  const path = `/api/incident?id=${encodeURIComponent(id)}`;
  return (
    <View title="Incident" lead={<Link href="/incidents">All incidents</Link>}>
      <Asked<IncidentDetails> path={path}>{(details) => <Page details={details} path={path} />}</Asked>
    </View>
  );
}

function Page({ details, path }: { details: IncidentDetails; path: string }) {
  const { incident } = details;
  const { title, severity, state, assignee, openedAt, lastSeenAt, lastSeenIn, confidence, alternatives } =
    incident;
  return (
    <>
      <p class="big">
        <State name={state === 'resolved' ? 'ok' : severity === 'error' ? 'failed' : 'attention'}>
          {title}
        </State>{' '}
        <span class="tag">{state}</span>
      </p>
      <dl class="facts">
        <dt>Assignee</dt>
        <dd>{assignee}</dd>
        <dt>Opened</dt>
        <dd>
          <When at={openedAt} />
        </dd>
        <dt>Last seen</dt>
        <dd>
          <When at={lastSeenAt} /> in <Link href={runPath(lastSeenIn)}>run {lastSeenIn}</Link>
        </dd>
        {incident.acknowledged ? (
          <>
            <dt>Acknowledged</dt>
            <dd>
              by {incident.acknowledged.by}, <When at={incident.acknowledged.at} />
            </dd>
          </>
        ) : null}
        {incident.resolved ? (
          <>
            <dt>Resolved</dt>
            <dd>
              by {incident.resolved.by}: {incident.resolved.how}
            </dd>
          </>
        ) : null}
        <dt>Tables</dt>
        <dd>
          <Names tables={incident.tables} />
        </dd>
        <dt>Affected</dt>
        <dd>
          <Names tables={incident.affected} />
        </dd>
      </dl>
      <Actions details={details} path={path} />
      <section>
        <h2>Manual steps</h2>
        <p class="lines">{incident.manualSteps}</p>
        {incident.hint ? <p>From the failure: {incident.hint}</p> : null}
      </section>
      <section>
        <h2>Diagnosis</h2>
        <p>{incident.why}</p>
        <p class="quiet">
          {incident.cause}, {percent(confidence)} sure, by version {incident.rule.version} of its rule.{' '}
          {alternatives.length === 0
            ? 'Nothing else explains it.'
            : `Alternatives: ${alternatives.map(({ cause, confidence: sure }) => `${cause} (${percent(sure)})`).join(', ')}.`}
        </p>
        {incident.consequences.map(({ cause, tables }) => (
          <p key={cause}>
            Explains {cause}: <Names tables={tables} />
          </p>
        ))}
      </section>
      <section>
        <h2>Evidence</h2>
        <ul class="matters">
          {incident.evidence.slice(0, NAMED).map(({ id, kind, about, at, message }) => (
            <li key={id}>
              {message}
              <p class="quiet">
                <span>{kind}</span>
                {about.includes('.') ? <TableLink table={about} /> : <span>{about}</span>}
                <When at={at} />
              </p>
            </li>
          ))}
        </ul>
        {incident.evidence.length > NAMED ? (
          <p class="quiet">+{incident.evidence.length - NAMED} more</p>
        ) : null}
        <p>
          <RowsLink sql={`SELECT * FROM ops.signals WHERE run = ${literal(lastSeenIn)}`}>
            All signals of that run
          </RowsLink>
        </p>
      </section>
      <section>
        <h2>Actions taken</h2>
        {incident.tried.length === 0 ? (
          <Empty>None yet.</Empty>
        ) : (
          <ul class="matters">
            {incident.tried.map(({ id, repair, state: became, text, by, at, automatic }) => (
              <li key={id}>
                <State name={became === 'verified' ? 'ok' : became === 'failed' ? 'failed' : 'running'}>
                  {became}
                </State>{' '}
                {repair}: {text}
                <p class="quiet">
                  <span>{automatic ? 'by the lake' : `by ${by}`}</span>
                  <When at={at} />
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      <IncidentNotebooks id={incident.id} />
    </>
  );
}

function Names({ tables }: { tables: readonly string[] }) {
  if (tables.length === 0) return <span class="quiet">none</span>;
  return (
    <span class="names">
      {tables.slice(0, NAMED).map((table) => (
        <TableLink key={table} table={table} />
      ))}
      {tables.length > NAMED ? ` +${tables.length - NAMED} more` : ''}
    </span>
  );
}
