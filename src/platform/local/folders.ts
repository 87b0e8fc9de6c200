import { join, resolve } from 'node:path';
import type { Campus } from '../../campus/campus.ts';

/** Where the parts of a lake lie in its folder. */
export function lakeFolders(campus: Campus): {
  root: string;
  ledger: string;
  warehouse: string;
  /** Logs of events. */
  events: string;
  /** Beside the lake: a backup that is restored over the lake does not bring back an older one. */
  register: string;
} {
  const root = resolve(campus.root, campus.lake);
  return {
    root,
    ledger: join(root, 'ledger'),
    warehouse: join(root, 'warehouse'),
    events: join(root, 'events'),
    register: `${root}-erasures`,
  };
}
