import type { CatalogDataset } from '../campus/campus.ts';

/**
 * Datasets in rounds, each after those of them that its relationships point to. Those that point at each other share a
 * round.
 */
export function checkRounds(datasets: readonly CatalogDataset[]): CatalogDataset[][] {
  const rounds: CatalogDataset[][] = [];
  let waiting = [...datasets];
  while (waiting.length > 0) {
    const ids = new Set(waiting.map(({ id }) => id));
    const free = waiting.filter((dataset) => !parentsOf(dataset).some((id) => ids.has(id)));
    const round = free.length > 0 ? free : waiting;
    rounds.push(round);
    waiting = waiting.filter((dataset) => !round.includes(dataset));
  }
  return rounds;
}

const parentsOf = ({ id, checks = [] }: CatalogDataset): string[] =>
  checks.flatMap((check) => (check.kind === 'relationships' && check.to !== id ? [check.to] : []));
