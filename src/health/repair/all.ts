import type { RepairName } from '../rules/rule.ts';
import { keepRowsAside } from './keep-rows-aside.ts';
import { newSnapshot } from './new-snapshot.ts';
import type { Repair } from './repair.ts';
import { repairDamage } from './repair-damage.ts';
import { restoreLastGood } from './restore-last-good.ts';
import { runAgain } from './run-again.ts';
import { signAgain } from './sign-again.ts';

export const REPAIRS: Readonly<Record<RepairName, Repair>> = {
  'run-again': runAgain,
  'sign-again': signAgain,
  'new-snapshot': newSnapshot,
  'keep-rows-aside': keepRowsAside,
  'restore-last-good': restoreLastGood,
  'repair-damage': repairDamage,
};
