import { Link } from 'wouter-preact';
import type { Timeline } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { literal, RowsLink, TableLink } from '../parts/links.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted, duration, secondsBetween, When } from '../parts/words.tsx';

/** One run: where the time went, what failed, what was done again; live while it goes. */
export function RunView({ run }: { run: string }) {
  return (
    <View title={`Run ${run}`} lead={<Link href="/runs">All runs</Link>}>
      <Asked<Timeline> path={`/api/runs/${encodeURIComponent(run)}`}>
        {(timeline) => <Page timeline={timeline} />}
      </Asked>
    </View>
  );
}

function Page({ timeline: { run, stages, steps, notListed, remarks } }: { timeline: Timeline }) {
  const begin = stages.map(({ from }) => from).sort()[0] ?? run.startedAt ?? '';
  const end =
    stages
      .map(({ to }) => to)
      .sort()
      .at(-1) ?? begin;
  const span = { begin, seconds: Math.max(0.001, secondsBetween(begin, end)) };
  const longest = [...steps]
    .sort((a, b) => secondsBetween(b.from, b.to) - secondsBetween(a.from, a.to))
    .slice(0, 12);
  const failed = steps.filter(({ status }) => status === 'failed');
  return (
    <>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <State name={run.status} />
          {run.attempts > 1
            ? ` in attempt ${run.attempts}: what had succeeded before was not done again`
            : ''}
        </dd>
        <dt>Began</dt>
        <dd>
          <When at={run.startedAt} />
        </dd>
        <dt>Took</dt>
        <dd>
          {run.startedAt && run.endedAt
            ? duration(secondsBetween(run.startedAt, run.endedAt))
            : 'still running'}
        </dd>
        <dt>Steps</dt>
        <dd>
          <RowsLink sql={`SELECT * FROM ops.steps WHERE run = ${literal(run.run)} ORDER BY started_at`}>
            {counted(steps.length + notListed, 'step')}
          </RowsLink>
        </dd>
      </dl>
      {failed.length > 0 ? (
        <section>
          <h2>What failed</h2>
          <ul class="matters">
            {failed.map((step) => (
              <li key={step.path}>
                <p>
                  <State name="failed">
                    {step.step} {step.item}
                  </State>
                </p>
                <p>{step.error}</p>
                {step.hint ? <p>What to do: {step.hint}</p> : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section>
        <h2>Stages</h2>
        {stages.length === 0 ? <Empty>No step has ended yet.</Empty> : null}
        <ul class="timeline">
          {stages.map((stage) => (
            <Row
              key={stage.title}
              span={span}
              from={stage.from}
              to={stage.to}
              name={stage.title}
              failed={stage.failed > 0}
              more={`${counted(stage.steps, 'step')}${stage.failed > 0 ? `, ${stage.failed} failed` : ''}`}
            />
          ))}
        </ul>
      </section>
      <section>
        <h2>The longest steps</h2>
        <ul class="timeline">
          {longest.map((step) => (
            <Row
              key={step.path}
              span={span}
              from={step.from}
              to={step.to}
              name={`${step.step}${step.item ? ` ${step.item}` : ''}`}
              failed={step.status === 'failed'}
              more={step.attempt > 1 ? `attempt ${step.attempt}` : ''}
            />
          ))}
        </ul>
      </section>
      {remarks.length > 0 ? (
        <section>
          <h2>Remarks</h2>
          <ul class="matters">
            {remarks.map(({ about, text }) => (
              <li key={`${about} ${text}`}>
                {about.includes('.') ? <TableLink table={about} /> : about} {text}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

interface RowProps {
  readonly span: { readonly begin: string; readonly seconds: number };
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly failed: boolean;
  readonly more: string;
}

/** A line of the list; the bar decorates it. */
function Row({ span, from, to, name, failed, more }: RowProps) {
  const percent = (at: string) => (secondsBetween(span.begin, at) / span.seconds) * 100;
  const left = Math.min(99.5, percent(from));
  return (
    <li class={failed ? 'broken' : ''}>
      <span class="what">
        {failed ? <State name="failed">{name}</State> : name} <span class="quiet">{more}</span>
      </span>
      <span class="track" aria-hidden="true">
        <span class="bar" style={{ left: `${left}%`, width: `${Math.max(0.5, percent(to) - left)}%` }} />
      </span>
      <span class="number">{duration(secondsBetween(from, to))}</span>
    </li>
  );
}
