import { Link } from 'wouter-preact';
import type { Dataset } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { datasetPath, literal, RowsLink, TableLink } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty, State } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { count, When } from '../parts/words.tsx';
import { Loads, RowsOverTime } from './dataset-history.tsx';

const NEIGHBOURS = 8;

/** One table on one page: what it is, how old, where it comes from and goes to, what was found in it. */
export function DatasetView({ table }: { table: string }) {
  return (
    <View title={table} lead={<Link href="/datasets">All datasets</Link>}>
      <Asked<Dataset> path={`/api${datasetPath(table)}`}>{(dataset) => <Page dataset={dataset} />}</Asked>
    </View>
  );
}

function Page({ dataset }: { dataset: Dataset }) {
  const { table, description, grain, owner, rows, upTo, loadedAt, whyOld, state, lineage } = dataset;
  return (
    <>
      {description ? <p>{description}</p> : null}
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <State name={state} />
          {whyOld ? ` ${whyOld}` : ''}
        </dd>
        <dt>Owner</dt>
        <dd>{owner ?? 'nobody'}</dd>
        <dt>Rows</dt>
        <dd>
          {rows === undefined ? (
            'not known'
          ) : (
            <RowsLink sql={`SELECT * FROM ${table}`}>{count(rows)}</RowsLink>
          )}
        </dd>
        <dt>Data up to</dt>
        <dd>
          <When at={upTo} />
        </dd>
        <dt>Loaded or built</dt>
        <dd>
          <When at={loadedAt} />
        </dd>
        <dt>One row is</dt>
        <dd>{grain ?? 'not said'}</dd>
      </dl>
      <section>
        <h2>Lineage</h2>
        <div class="lineage">
          <Neighbours title="Reads" tables={lineage.reads} none="no table: it comes from a source" />
          <p class="here" aria-hidden="true">
            {table}
          </p>
          <Neighbours title="Read by" tables={lineage.readBy} none="no table" />
        </div>
      </section>
      <RowsOverTime dataset={dataset} />
      <Checks dataset={dataset} />
      <Loads dataset={dataset} />
      <Columns dataset={dataset} />
    </>
  );
}

function Neighbours({ title, tables, none }: { title: string; tables: readonly string[]; none: string }) {
  return (
    <div class="neighbours">
      <h3>{title}</h3>
      {tables.length === 0 ? <p class="quiet">{none}</p> : null}
      <ul>
        {tables.slice(0, NEIGHBOURS).map((name) => (
          <li key={name}>
            <TableLink table={name} />
          </li>
        ))}
      </ul>
      {tables.length > NEIGHBOURS ? (
        <details>
          <summary>+{tables.length - NEIGHBOURS} more</summary>
          <ul>
            {tables.slice(NEIGHBOURS).map((name) => (
              <li key={name}>
                <TableLink table={name} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}

function Checks({ dataset: { table, checked } }: { dataset: Dataset }) {
  if (checked === undefined) return null;
  const [last] = checked;
  return (
    <section>
      <h2>Checks</h2>
      {last === undefined ? (
        <Empty>Nothing has been checked yet: a run does it.</Empty>
      ) : (
        <>
          <p class="quiet">
            in run <Link href={`/runs/${last.run}`}>{last.run}</Link>, <When at={last.at} /> ·{' '}
            <RowsLink sql={`SELECT * FROM ops.checks WHERE table_name = ${literal(table)} ORDER BY id DESC`}>
              all that were recorded
            </RowsLink>
          </p>
          <ul class="matters">
            {last.checks.map(({ name, status, severity, checks, failing, found }) => (
              <li key={name}>
                <State name={status} />{' '}
                {checks > 1 || name === 'default' ? `${checks} checks of ${name}` : name}
                {failing > 0 ? ` · ${count(failing)} rows break it (${severity})` : ''}
                {found ? ` · ${found}` : ''}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Columns({ dataset: { table, columns } }: { dataset: Dataset }) {
  return (
    <section>
      <h2>Columns</h2>
      <Scroll label={`Columns of ${table}`}>
        <table>
          <caption class="hidden">Columns of {table}</caption>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col">Privacy class</th>
              <th scope="col">What it is</th>
            </tr>
          </thead>
          <tbody>
            {columns.map(({ name, type, key, privacy, treatment, mask, description }) => (
              <tr key={name}>
                <th scope="row" class="name">
                  {name}
                  {key ? <span class="tag">key</span> : null}
                </th>
                <td>{type}</td>
                <td>
                  {privacy ?? <span class="quiet">none decided</span>}
                  {treatment && treatment !== 'keep' ? <span class="tag">{mask ?? treatment}</span> : null}
                </td>
                <td>{description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
