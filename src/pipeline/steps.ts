import { driftPoll, driftStart } from '../drift/steps.ts';
import { lmsCommit, lmsFetch, lmsPlan, lmsPoll, lmsStart } from '../lms/steps.ts';
import { modelsPlan } from '../models/steps.ts';
import { notify } from '../notify/step.ts';
import type { Feature } from '../ports/feature.ts';
import type { Step } from '../ports/step.ts';
import { checkDataset, checksPlan } from '../quality/steps.ts';
import { sisCommit, sisPoll, sisStart } from '../sis/steps.ts';
import { restagePlan } from '../staging/restage-plan.ts';
import { stage } from '../staging/stage.ts';
import { featureSteps } from './feature-steps.ts';
import { applyCatalog } from './steps/apply-catalog.ts';
import { buildModelStep } from './steps/build-model.ts';
import { closeRun } from './steps/close-run.ts';
import { keepLedger } from './steps/keep-ledger.ts';
import { loadWarehouseStep } from './steps/load-warehouse.ts';
import { publishStep } from './steps/publish.ts';
import { sweep } from './steps/sweep.ts';

const STEPS = [
  applyCatalog,
  lmsPlan,
  lmsStart,
  lmsPoll,
  lmsFetch,
  lmsCommit,
  sisStart,
  sisPoll,
  sisCommit,
  driftStart,
  driftPoll,
  stage,
  restagePlan,
  checksPlan,
  checkDataset,
  modelsPlan,
  buildModelStep,
  publishStep,
  keepLedger,
  loadWarehouseStep,
  closeRun,
  notify,
  sweep,
] as const;

/** Every step that the plan can name, by its name. */
export function stepRegistry(features: readonly Feature[]): ReadonlyMap<string, Step> {
  const own: readonly Step[] = STEPS;
  return new Map([...own, ...featureSteps(features)].map((step) => [step.name, step]));
}
