import type { AddedOpsTable } from '../../ports/ledger.ts';

const words = (name: string) => ({ name, type: 'varchar' as const });
const number = (name: string) => ({ name, type: 'double' as const });
const whole = (name: string) => ({ name, type: 'bigint' as const });

/** How the model in use and its challenger stand, as counts and distances: nothing about a person. */
export const MODEL_MONITOR: AddedOpsTable = {
  name: 'model_monitor',
  description:
    'In each run that scores, how far measures and risks have moved since training in the same week of term, by model; and how well predictions held, once outcomes are known',
  privacy: 'none',
  hotDays: 500,
  columns: [
    words('model'),
    words('role'),
    words('kind'),
    words('term_code'),
    whole('week'),
    words('about'),
    whole('cases'),
    number('mean_value'),
    number('expected_value'),
    number('psi'),
    number('psi_expected'),
    number('psi_deviation'),
    number('ks'),
    number('ks_probability'),
    words('verdict'),
    { name: 'measured_at', type: 'timestamp' },
  ],
};

/** Who has decided what about which model. Of no class: it names people. */
export const MODEL_DECISIONS: AddedOpsTable = {
  name: 'model_decisions',
  description: 'Who put which model to use, proposed, promoted, rolled back or withdrew it, when and why',
  columns: [
    words('model'),
    words('action'),
    words('before'),
    words('by_whom'),
    words('reason'),
    words('card'),
    { name: 'decided_at', type: 'timestamp' },
  ],
};
