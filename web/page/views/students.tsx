import { Link } from 'wouter-preact';
import type { Students } from '../../answers.ts';
import { Asked } from '../parts/asked.tsx';
import { queryPath, TableLink } from '../parts/links.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Empty } from '../parts/state.tsx';
import { View } from '../parts/view.tsx';
import { counted, When } from '../parts/words.tsx';

/** Who may need attention, and why. What is done about it is kept where the college keeps its cases, not here. */
export function StudentsView() {
  return (
    <View
      title="Students"
      lead="Lists for the people who help students. Opening them is put on record, with who looked and as which role."
    >
      <Asked<Students> path="/api/students">
        {({ lists }) =>
          lists.length === 0 ? (
            <Empty>Your role sees no list of students.</Empty>
          ) : (
            lists.map((list) => <List key={list.table} list={list} />)
          )
        }
      </Asked>
    </View>
  );
}

function List({ list }: { list: Students['lists'][number] }) {
  const { title, table, note, columns, rows, isCut, sql, upTo } = list;
  return (
    <section>
      <h2>{title}</h2>
      <p class="note">{note}</p>
      {list.isAbsent ? (
        <Empty>
          Nothing has made this list yet. The first list comes with a run, early warning once it has been
          trained.
        </Empty>
      ) : (
        <>
          <p class="quiet">
            <Link href={queryPath(sql ?? '')}>
              {isCut ? `more than ${rows.length} rows` : counted(rows.length, 'row')}
            </Link>{' '}
            from <TableLink table={table} />, as known <When at={upTo} />
          </p>
          {rows.length === 0 ? (
            <Empty>Nobody is on the list.</Empty>
          ) : (
            <Scroll label={title}>
              <table>
                <caption class="hidden">{title}</caption>
                <thead>
                  <tr>
                    {columns.slice(0, 1).map((column) => (
                      <th key={column} scope="col">
                        {column}
                      </th>
                    ))}
                    {rows.some(({ reasons }) => reasons !== undefined) ? <th scope="col">Why</th> : null}
                    {columns.slice(1).map((column) => (
                      <th key={column} scope="col">
                        {column}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ cells, reasons }) => (
                    <tr key={cells.join('|')}>
                      <th scope="row">{cells[0]}</th>
                      {reasons === undefined ? null : <td class="why">{reasons}</td>}
                      {cells.slice(1).map((cell, i) => (
                        <td key={columns[i + 1]}>{cell}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </>
      )}
    </section>
  );
}
