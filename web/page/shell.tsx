import { useQueryClient } from '@tanstack/preact-query';
import { type ComponentType, lazy, Suspense } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import { Link, Route, Switch, useLocation } from 'wouter-preact';
import type { Me } from '../answers.ts';
import { Asked } from './parts/asked.tsx';
import { Waiting } from './parts/state.tsx';
import { View } from './parts/view.tsx';
import { MeContext } from './parts/words.tsx';
import { NowView } from './views/now.tsx';

interface ViewOf {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  readonly view: ComponentType;
}

/** The views, each loaded when it is first opened, but for the first one. */
const VIEWS: readonly ViewOf[] = [
  { name: 'now', path: '/', title: 'Now', view: NowView },
  {
    name: 'students',
    path: '/students',
    title: 'Students',
    view: lazy(async () => (await import('./views/students.tsx')).StudentsView),
  },
  {
    name: 'datasets',
    path: '/datasets',
    title: 'Datasets',
    view: lazy(async () => (await import('./views/datasets.tsx')).DatasetsView),
  },
  {
    name: 'runs',
    path: '/runs',
    title: 'Runs',
    view: lazy(async () => (await import('./views/runs.tsx')).RunsView),
  },
  {
    name: 'incidents',
    path: '/incidents',
    title: 'Incidents',
    view: lazy(async () => (await import('./views/incidents.tsx')).IncidentsView),
  },
  {
    name: 'levels',
    path: '/levels',
    title: 'Service levels',
    view: lazy(async () => (await import('./views/levels.tsx')).LevelsView),
  },
  {
    name: 'jobs',
    path: '/jobs',
    title: 'Jobs',
    view: lazy(async () => (await import('./views/jobs.tsx')).JobsView),
  },
  {
    name: 'query',
    path: '/query',
    title: 'Query',
    view: lazy(async () => (await import('./views/query.tsx')).QueryView),
  },
  {
    name: 'dictionary',
    path: '/dictionary',
    title: 'Dictionary',
    view: lazy(async () => (await import('./views/dictionary.tsx')).DictionaryView),
  },
];

const DatasetView = lazy(async () => (await import('./views/dataset.tsx')).DatasetView);
const RunView = lazy(async () => (await import('./views/run.tsx')).RunView);

/** The frame of every view: who looks, where one can go, and what has just changed. */
export function Shell() {
  return <Asked<Me> path="/api/me">{(me) => <Frame me={me} />}</Asked>;
}

function Frame({ me }: { me: Me }) {
  const news = useNews();
  useKeys(me);
  const views = VIEWS.filter(({ name }) => me.views.includes(name));
  return (
    <MeContext.Provider value={me}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <p class="campus">
          <strong>{me.campus}</strong>
          <span class="quiet">
            {' '}
            as {me.isAdministrator ? me.principal : `${me.role}, ${me.principal}`} · times in {me.timeZone}
          </span>
        </p>
        <nav aria-label="Views">
          <ul>
            {views.map(({ path, title }) => (
              <li key={path}>
                <NavLink path={path} title={title} />
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <p class="news" role="status">
        {news}
      </p>
      <Suspense fallback={<Waiting />}>
        <Switch>
          <Route path="/datasets/:table">
            {({ table }) => <DatasetView table={decodeURIComponent(table)} />}
          </Route>
          <Route path="/runs/:run">{({ run }) => <RunView run={decodeURIComponent(run)} />}</Route>
          {views.map(({ path, view: ViewHere }) => (
            <Route key={path} path={path}>
              <ViewHere />
            </Route>
          ))}
          <Route>
            <View title="There is no such page">
              <p>
                <Link href="/">Go to Now</Link>
              </p>
            </View>
          </Route>
        </Switch>
      </Suspense>
    </MeContext.Provider>
  );
}

function NavLink({ path, title }: { path: string; title: string }) {
  const [at] = useLocation();
  const isHere = path === '/' ? at === '/' : at === path || at.startsWith(`${path}/`);
  return (
    <Link href={path} aria-current={isHere ? 'page' : undefined}>
      {title}
    </Link>
  );
}

interface Pulse {
  readonly run?: string;
  readonly status?: string;
  readonly publication?: string;
}

/** Listens to the server: what has changed is read again, and its phases are said, no more often than that. */
function useNews(): string {
  const client = useQueryClient();
  const [news, setNews] = useState('');
  useEffect(() => {
    const source = new EventSource('/api/events');
    let before: Pulse | undefined;
    source.addEventListener('pulse', (event) => {
      const pulse = JSON.parse((event as MessageEvent<string>).data) as Pulse;
      if (before !== undefined) {
        const isOver = before.status !== pulse.status || before.publication !== pulse.publication;
        void client.invalidateQueries(
          isOver ? {} : { predicate: ({ queryKey: [path] }) => isLive(String(path)) },
        );
        if (before.status !== pulse.status || before.run !== pulse.run)
          setNews(
            pulse.status === 'running' ? 'A run has begun.' : `The run has ${pulse.status ?? 'ended'}.`,
          );
      }
      before = pulse;
    });
    return () => source.close();
  }, [client]);
  return news;
}

const isLive = (path: string): boolean => path === '/api/now' || path.startsWith('/api/runs');

/** `/` goes to the search of the dictionary from anywhere that is no field. */
function useKeys(me: Me): void {
  const [, go] = useLocation();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.composedPath()[0];
      const isField =
        target instanceof HTMLElement &&
        (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      if (event.key !== '/' || isField || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const field = document.querySelector<HTMLInputElement>('input[type=search]');
      if (field) field.focus();
      else if (me.views.includes('dictionary')) go('/dictionary');
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [go, me]);
}
