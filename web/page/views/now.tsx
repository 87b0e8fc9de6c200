import { Link } from 'wouter-preact';
import type { Matter, Now } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { runPath, TableLink } from '../parts/links.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted, When } from '../parts/words.tsx';

/** Is the lake good, what is wrong, what is being done, what needs a person. */
export function NowView() {
  return (
    <View title="Now">
      <Asked<Now> path="/api/now">{(now) => <Glance now={now} />}</Asked>
    </View>
  );
}

function Glance({ now }: { now: Now }) {
  const { verdict, sentence, run, datasets, wrong, doing, needsPerson } = now;
  return (
    <>
      <section class={`verdict verdict-${verdict}`} aria-label="Verdict">
        <p class="big">
          <State name={verdict}>{sentence}</State>
        </p>
        <p class="quiet">
          Checked <When at={now.at} />
        </p>
      </section>
      <div class="cards">
        <section class="card">
          <h2>Datasets</h2>
          <p class="figure">
            <Link href="/datasets">{counted(datasets.all, 'dataset')}</Link>
          </p>
          <ul class="plain">
            <li>
              <Link href="/datasets?state=ok">
                {datasets.all - datasets.late - datasets.neverLoaded} up to date
              </Link>
            </li>
            <li>
              <Link href="/datasets?state=late">{datasets.late} late</Link>
            </li>
            <li>
              <Link href="/datasets?state=unknown">{datasets.neverLoaded} never loaded</Link>
            </li>
          </ul>
        </section>
        <section class="card">
          <h2>Last run</h2>
          {run === undefined ? (
            <Empty>
              Nothing has been loaded yet: <code>lake run</code> does it.
            </Empty>
          ) : (
            <>
              <p class="figure">
                <State name={run.status} />
              </p>
              <p>
                {run.startedAt === undefined ? null : (
                  <>
                    began <When at={run.startedAt} />
                  </>
                )}
              </p>
              {run.startedAt === undefined ? null : <Link href={runPath(run.run)}>Where the time went</Link>}
            </>
          )}
        </section>
      </div>
      <Matters title="Problems" matters={wrong} none="No problems." />
      <Matters title="In progress" matters={doing} none="Nothing is running." />
      <Matters title="Waiting for you" matters={needsPerson} none="Nothing to do." />
    </>
  );
}

function Matters({ title, matters, none }: { title: string; matters: readonly Matter[]; none: string }) {
  return (
    <section>
      <h2>{title}</h2>
      {matters.length === 0 ? (
        <Empty>{none}</Empty>
      ) : (
        <ul class="matters">
          {matters.map((matter) => (
            <li key={matter.title}>
              <p>
                <State name={matter.severity}>{matter.title}</State>
              </p>
              {matter.hint ? <p>What to do: {matter.hint}</p> : null}
              <p class="quiet">
                {matter.tables.map((table) => (
                  <TableLink key={table} table={table} />
                ))}
                {matter.ofTables > matter.tables.length ? (
                  <Link href="/datasets">+{matter.ofTables - matter.tables.length} more</Link>
                ) : null}
                {matter.owners.length > 0 ? <span>Owner: {matter.owners.join(', ')}</span> : null}
                {matter.run ? <Link href={runPath(matter.run)}>its run</Link> : null}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
