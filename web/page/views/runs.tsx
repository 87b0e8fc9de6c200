import { Link } from 'wouter-preact';
import type { Runs } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { Bars } from '../parts/bars.tsx';
import { RowsLink, runPath } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { count, duration, secondsBetween, When } from '../parts/words.tsx';
import { StartRun } from './start-run.tsx';

/** The newest runs. */
export function RunsView() {
  return (
    <View title="Runs" lead="What loaded, checked, built and published the data, newest first.">
      <StartRun />
      <Asked<Runs> path="/api/runs">{({ runs }) => <List runs={runs} />}</Asked>
    </View>
  );
}

const lasted = ({ startedAt, endedAt }: Runs['runs'][number]): number | undefined =>
  startedAt && endedAt ? secondsBetween(startedAt, endedAt) : undefined;

function List({ runs }: { runs: Runs['runs'] }) {
  if (runs.length === 0)
    return (
      <Empty>
        There was no run yet: <code>lake run</code> loads the lake.
      </Empty>
    );
  return (
    <>
      <Bars
        label={`How long each of the last ${runs.length} runs took.`}
        bars={[...runs].reverse().map((run) => ({
          value: lasted(run) ?? 0,
          title: `${run.run}: ${run.status}, ${duration(lasted(run) ?? 0)}`,
        }))}
      />
      <Scroll label="Runs">
        <table>
          <caption class="hidden">Runs</caption>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Began</th>
              <th scope="col" class="number">
                Took
              </th>
              <th scope="col" class="number">
                Loads
              </th>
              <th scope="col" class="number">
                Rows
              </th>
              <th scope="col" class="number">
                Failed steps
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => {
              const took = lasted(run);
              return (
                <tr key={run.run}>
                  <th scope="row">
                    <Link href={runPath(run.run)}>{run.run}</Link>
                  </th>
                  <td>
                    <State name={run.status} />
                    {run.attempts > 1 ? <span class="quiet"> attempt {run.attempts}</span> : null}
                    {run.published === false ? <span class="quiet"> not published</span> : null}
                  </td>
                  <td>
                    <When at={run.startedAt} />
                  </td>
                  <td class="number">{took === undefined ? '' : duration(took)}</td>
                  <td class="number">{run.loads === undefined ? '' : count(run.loads)}</td>
                  <td class="number">{run.rows === undefined ? '' : count(run.rows)}</td>
                  <td class="number">{run.failures === undefined ? '' : count(run.failures)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      <p>
        <RowsLink sql="SELECT * FROM ops.runs ORDER BY id DESC">All runs that were recorded</RowsLink>
      </p>
    </>
  );
}
