import { applyRemedy } from '../../pipeline/repair/apply-remedy.ts';
import { type Damage, describeRemedy } from '../../pipeline/repair/damage.ts';
import { findDamage } from '../../pipeline/repair/find-damage.ts';
import type { Repair, RepairLake } from './repair.ts';

export const repairDamage: Repair = {
  name: 'repair-damage',
  title: 'Repair damaged files and records',
  about:
    'What `lake repair --apply` does: the next run makes again what cannot be read. Nothing that can be read is removed.',
  alone: { attempts: 2, coolDownMs: 36e5, tables: 10 },
  plan: async (lake) => {
    const damage = await repairable(lake);
    return {
      tables: damage.map(({ about }) => about),
      text:
        damage.map(({ about, remedy }) => `${about}: ${describeRemedy(remedy)}`).join('; ') ||
        'nothing is damaged',
    };
  },
  async apply(lake, { tables }) {
    for (const { about, remedy } of await repairable(lake))
      if (tables.includes(about)) await applyRemedy(lake, remedy);
  },
};

async function repairable(lake: RepairLake): Promise<Damage[]> {
  const found = await findDamage(lake, { thorough: false });
  return found.filter(({ remedy }) => remedy.do !== 'nothing');
}
