import type { FeatureLake, FeatureSignal } from '../../ports/feature.ts';
import type { OpsRow } from '../../ports/ledger.ts';
import { SCORES } from '../tables.ts';
import { MODEL_MONITOR } from './tables.ts';

/** What the monitor of the models found in a run that a person has to look at: of the model in use only. */
export async function modelSignals(lake: FeatureLake, run: string): Promise<FeatureSignal[]> {
  const rows = await lake.platform.ledger.rows(MODEL_MONITOR.name, run);
  const own = rows.filter((row) => row.run === run && row.role === 'champion');
  return [...shifts(own), ...off(own), ...due(own)];
}

function shifts(rows: readonly OpsRow[]): FeatureSignal[] {
  const moved = rows.filter(({ verdict, kind }) => verdict === 'moved' && String(kind).endsWith('drift'));
  const terms = [...new Set(moved.map(({ term_code }) => String(term_code)))];
  return terms.map((term) => {
    const own = moved.filter((row) => row.term_code === term);
    const names = own.map(({ about, psi }) => `${about} (PSI ${Number(psi).toFixed(2)})`).join(', ');
    const { model, week } = own[0]!;
    return {
      code: own.some(({ kind }) => kind === 'score drift') ? 'model-score-drift' : 'model-input-drift',
      about: `${model}/${term}`,
      tables: [SCORES],
      severity: 'warning',
      message: `${term}, week ${week}: ${names} moved away from the same week of the terms that ${model} learned from. \`lake models compare\` shows by how much.`,
    };
  });
}

const off = (rows: readonly OpsRow[]): FeatureSignal[] =>
  rows
    .filter(({ kind, verdict }) => kind === 'calibration' && verdict === 'off')
    .map(({ model, term_code, mean_value, expected_value }) => ({
      code: 'model-calibration-off',
      about: `${model}/${term_code}`,
      tables: [SCORES],
      severity: 'warning',
      message: `${model} predicted ${Number(mean_value).toFixed(2)} on average for ${term_code}, and ${Number(expected_value).toFixed(2)} happened: more than the model card allows. \`lake models compare\`, then promote another or withdraw it.`,
    }));

const due = (rows: readonly OpsRow[]): FeatureSignal[] =>
  rows
    .filter(({ kind }) => kind === 'retraining')
    .map(({ model, term_code }) => ({
      code: 'model-retraining-due',
      about: String(model),
      tables: [SCORES],
      severity: 'warning',
      message: `${term_code} has ended since ${model} was trained. \`lake models propose\` trains a challenger; nothing is promoted by that.`,
    }));
