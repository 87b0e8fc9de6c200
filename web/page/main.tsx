import { QueryClient, QueryClientProvider } from '@tanstack/preact-query';
import { render } from 'preact';
import { Shell } from './shell.tsx';

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: false, refetchOnWindowFocus: true } },
});

render(
  <QueryClientProvider client={client}>
    <Shell />
  </QueryClientProvider>,
  document.getElementById('page')!,
);
