import { Link, useSearch } from 'wouter-preact';
import type { Job, Jobs } from '../../answers-trust.ts';
import { Asked } from '../parts/asked.tsx';
import { Bars } from '../parts/bars.tsx';
import { literal, RowsLink, runPath } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { bytes, count, counted, duration, When } from '../parts/words.tsx';
import { Recommendations } from './recommendations.tsx';

const SHOWN = 100;
const time = (ms: number): string => duration(ms / 1000);
/** Sums below a cent are said so: 0 would say that nothing was charged. */
const dollars = (sum: number): string => (sum > 0 && sum < 0.01 ? 'less than $0.01' : `$${sum.toFixed(2)}`);

/** How every piece of work goes over time, and what it costs. */
export function JobsView() {
  const job = new URLSearchParams(useSearch()).get('name');
  return job === null ? <All /> : <One job={job} />;
}

const jobPath = (job: string): string => `/jobs?name=${encodeURIComponent(job)}`;

function All() {
  return (
    <View
      title="Jobs"
      lead="How long each piece of work takes in the last 30 days, whether it grows, and what it costs."
    >
      <Recommendations />
      <Asked<Jobs> path="/api/jobs">{(jobs) => <List jobs={jobs} />}</Asked>
    </View>
  );
}

function List({ jobs: { jobs, byDay, dollars: sum, dollarsPerMonth } }: { jobs: Jobs }) {
  if (jobs.length === 0)
    return (
      <Empty>
        No work was measured yet: the next <code>lake run</code> measures every step.
      </Empty>
    );
  return (
    <>
      <Bars
        label={`Time worked on each of ${counted(byDay.length, 'day')}.`}
        bars={byDay.map(({ day, ranMs }) => ({ value: ranMs, title: `${day}: ${time(ranMs)}` }))}
      />
      <p class="quiet">
        {sum === 0
          ? 'A machine of your own has no price for a job; on AWS each has an estimate.'
          : `Estimated: ${dollars(sum)}${dollarsPerMonth === undefined ? '' : `, ${dollars(dollarsPerMonth)} a month at this rate`}.`}
      </p>
      <Scroll label="Jobs">
        <table>
          <caption class="hidden">Jobs</caption>
          <thead>
            <tr>
              <th scope="col">Job</th>
              <th scope="col">Kind</th>
              <th scope="col" class="number">
                Runs
              </th>
              <th scope="col" class="number">
                Failed
              </th>
              <th scope="col" class="number">
                Usually takes
              </th>
              <th scope="col" class="number">
                95 of 100 below
              </th>
              <th scope="col">Trend</th>
              <th scope="col" class="number">
                Memory
              </th>
              <th scope="col">Last</th>
            </tr>
          </thead>
          <tbody>
            {jobs.slice(0, SHOWN).map((job) => (
              <tr key={job.job}>
                <th scope="row">
                  <Link href={jobPath(job.job)} class="name">
                    {job.job}
                  </Link>
                </th>
                <td>{job.kind}</td>
                <td class="number">{count(job.runs)}</td>
                <td class="number">
                  {job.failed === 0 ? '0' : <State name="failed">{count(job.failed)}</State>}
                </td>
                <td class="number">{time(job.ranMsP50)}</td>
                <td class="number">{time(job.ranMsP95)}</td>
                <td>
                  <Trend trend={job.trend} />
                </td>
                <td class="number">
                  {job.peakMemoryBytesP95 === undefined ? '' : bytes(job.peakMemoryBytesP95)}
                </td>
                <td>
                  <When at={job.lastAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {jobs.length > SHOWN ? (
        <p class="quiet">
          The {SHOWN} that took most time, of {count(jobs.length)}.
        </p>
      ) : null}
    </>
  );
}

function Trend({ trend: { direction, perDay } }: { trend: Jobs['jobs'][number]['trend'] }) {
  if (direction === 'none') return <span class="quiet">none</span>;
  return direction === 'rising' ? (
    <State name="attention">{time(perDay)} longer a day</State>
  ) : (
    <State name="ok">{time(-perDay)} shorter a day</State>
  );
}

function One({ job }: { job: string }) {
  return (
    <View title={job} lead={<Link href="/jobs">All jobs</Link>}>
      <Asked<Job> path={`/api/job?name=${encodeURIComponent(job)}`}>
        {({ runs }) =>
          runs.length === 0 ? (
            <Empty>This job has not run in the last 30 days.</Empty>
          ) : (
            <>
              <Bars
                label={`How long each of ${counted(runs.length, 'run')} took.`}
                bars={runs.slice(-SHOWN).map(({ run, ranMs, startedAt }) => ({
                  value: ranMs,
                  title: `${startedAt}: ${time(ranMs)} in run ${run}`,
                }))}
              />
              <Scroll label="Its runs">
                <table>
                  <caption class="hidden">Its runs</caption>
                  <thead>
                    <tr>
                      <th scope="col">Run</th>
                      <th scope="col">State</th>
                      <th scope="col">Began</th>
                      <th scope="col" class="number">
                        Waited
                      </th>
                      <th scope="col" class="number">
                        Took
                      </th>
                      <th scope="col" class="number">
                        Rows out
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {[...runs]
                      .reverse()
                      .slice(0, SHOWN)
                      .map(({ run, status, startedAt, queuedMs, ranMs, rowsOut }) => (
                        <tr key={`${run} ${startedAt}`}>
                          <th scope="row">
                            <Link href={runPath(run)}>{run}</Link>
                          </th>
                          <td>
                            <State name={status} />
                          </td>
                          <td>
                            <When at={startedAt} />
                          </td>
                          <td class="number">{queuedMs === undefined ? '' : time(queuedMs)}</td>
                          <td class="number">{time(ranMs)}</td>
                          <td class="number">{rowsOut === undefined ? '' : count(rowsOut)}</td>
                        </tr>
                      ))}
                  </tbody>
                </table>
              </Scroll>
              <p>
                <RowsLink
                  sql={`SELECT * FROM ops.job_runs WHERE job = ${literal(job)} ORDER BY started_at DESC`}
                >
                  All figures that were measured
                </RowsLink>
              </p>
            </>
          )
        }
      </Asked>
    </View>
  );
}
