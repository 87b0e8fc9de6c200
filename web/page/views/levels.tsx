import { Link, useSearch } from 'wouter-preact';
import type { Level, Levels } from '../../answers-trust.ts';
import { Asked } from '../parts/asked.tsx';
import { RowsLink } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { count, duration, When } from '../parts/words.tsx';

const STATE = { kept: 'ok', burning: 'attention', broken: 'failed', 'no-data': 'unknown' } as const;
const WORD = { kept: 'kept', burning: 'spent too fast', broken: 'broken', 'no-data': 'no data' } as const;
const percent = (part: number | null): string =>
  part === null ? 'not known' : `${(Math.floor(part * 1e5) / 1e3).toString()} %`;
const minutes = (n: number): string => (n <= 0 ? 'now' : duration(n * 60));

/** What is promised of the data, how much of each promise's budget is left, and what would page. */
export function LevelsView() {
  const name = new URLSearchParams(useSearch()).get('name');
  return name === null ? <All /> : <One name={name} />;
}

const levelPath = (name: string): string => `/levels?name=${encodeURIComponent(name)}`;

function All() {
  return (
    <View
      title="Service levels"
      lead="What is promised of the data, and how much of each error budget is left."
    >
      <Asked<Levels> path="/api/levels">
        {({ levels }) =>
          levels.length === 0 ? (
            <Empty>
              Nothing is promised of a table that you may know of. <code>slo.yaml</code> holds promises.
            </Empty>
          ) : (
            levels.map((level) => (
              <section key={level.name} class="card">
                <h2>
                  <Link href={levelPath(level.name)}>{level.name}</Link>
                </h2>
                <p>
                  <State name={STATE[level.verdict]}>{WORD[level.verdict]}</State> {level.promise}
                </p>
                <Budget level={level} />
                <p class="quiet">
                  {inWords(level)} {level.owner ? `Owner: ${level.owner}.` : ''}
                </p>
                {level.alerts
                  .filter(({ state }) => state !== 'resolved')
                  .map(({ name, severity, state, since }) => (
                    <p key={name}>
                      <State name={state === 'firing' ? 'failed' : 'unknown'}>
                        {severity} {name}: {state}
                      </State>{' '}
                      since <When at={since} />
                    </p>
                  ))}
              </section>
            ))
          )
        }
      </Asked>
    </View>
  );
}

type LevelOf = Levels['levels'][number];

function inWords({ bad, budget, unit, window, verdict, sli }: LevelOf): string {
  if (verdict === 'no-data') return 'Nothing was measured yet.';
  const used = `Used ${count(Math.round(bad * 10) / 10)} of ${count(Math.round(budget.allowed * 10) / 10)} bad ${unit} of ${window}; ${percent(sli)} were good.`;
  const ends = budget.exhaustedInMinutes;
  return ends === null || budget.left <= 0 ? used : `${used} At this pace the rest lasts ${minutes(ends)}.`;
}

/** What is left, as a bar; the sentence below it says the same. */
function Budget({ level: { budget } }: { level: LevelOf }) {
  const left = budget.spent === null ? 0 : Math.max(0, Math.min(1, 1 - budget.spent));
  return (
    <div class="track budget" aria-hidden="true">
      <span class="bar" style={{ left: 0, width: `${left * 100}%` }} />
    </div>
  );
}

function One({ name }: { name: string }) {
  return (
    <View title={name} lead={<Link href="/levels">All service levels</Link>}>
      <Asked<Level> path={`/api/levels/${encodeURIComponent(name)}`}>
        {({ points, wouldFire }) => (
          <>
            <h2>Budget left</h2>
            <BudgetLine points={points} />
            <h2>What would page, if nothing is loaded from now on</h2>
            <ul class="matters">
              {wouldFire.map(({ alert, severity, inMinutes }) => (
                <li key={alert}>
                  {alert} ({severity}):{' '}
                  {inMinutes === null
                    ? 'not within three days'
                    : inMinutes <= 0
                      ? 'now'
                      : `in ${minutes(inMinutes)}`}
                </li>
              ))}
            </ul>
            <details>
              <summary>The same as a table</summary>
              <Scroll label="Budget over time">
                <table>
                  <caption class="hidden">Budget over time</caption>
                  <thead>
                    <tr>
                      <th scope="col">At</th>
                      <th scope="col" class="number">
                        Good
                      </th>
                      <th scope="col" class="number">
                        Budget left
                      </th>
                      <th scope="col" class="number">
                        Burn rate
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {[...points].reverse().map(({ at, sli, left, burn }) => (
                      <tr key={at}>
                        <td>
                          <When at={at} plain />
                        </td>
                        <td class="number">{percent(sli)}</td>
                        <td class="number">{percent(left)}</td>
                        <td class="number">{burn === null ? 'not known' : burn.toPrecision(3)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
            </details>
            <p>
              <RowsLink sql="SELECT * FROM ops.service_levels ORDER BY id DESC">
                All that was measured
              </RowsLink>
            </p>
          </>
        )}
      </Asked>
    </View>
  );
}

const [WIDTH, HEIGHT] = [600, 90];

function BudgetLine({ points }: { points: Level['points'] }) {
  const known = points.flatMap(({ left }, i) => (left === null ? [] : [{ i, left }]));
  if (known.length < 2) return <Empty>Too little was measured for a picture.</Empty>;
  const least = Math.min(0, ...known.map(({ left }) => left));
  const y = (left: number): number => ((1 - left) / (1 - least)) * HEIGHT;
  const line = known.map(
    ({ i, left }) => `${((i / (points.length - 1)) * WIDTH).toFixed(1)},${y(left).toFixed(1)}`,
  );
  return (
    <svg
      class="line"
      role="img"
      viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`}
      aria-label={`The budget went from ${percent(known[0]!.left)} to ${percent(known.at(-1)!.left)} left.`}
    >
      <line x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} class="zero" />
      <polyline points={line.join(' ')} />
    </svg>
  );
}
