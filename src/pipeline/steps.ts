import { driftPoll, driftStart } from '../drift/steps.ts';
import { lmsCommit, lmsFetch, lmsPlan, lmsPoll, lmsStart } from '../lms/steps.ts';
import { modelsPlan } from '../models/steps.ts';
import { notify } from '../notify/step.ts';
import type { Step } from '../ports/step.ts';
import { checkDataset, checksPlan } from '../quality/steps.ts';
import { sisCommit, sisPoll, sisStart } from '../sis/steps.ts';
import { restagePlan } from '../staging/restage-plan.ts';
import { stage } from '../staging/stage.ts';
import { applyCatalog } from './steps/apply-catalog.ts';
import { buildModelStep } from './steps/build-model.ts';
import { closeRun } from './steps/close-run.ts';
import { earlyWarning } from './steps/early-warning.ts';
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
  earlyWarning,
  publishStep,
  loadWarehouseStep,
  closeRun,
  notify,
  sweep,
] as const;

/** Every step that the plan can name, by its name. */
export function stepRegistry(): ReadonlyMap<string, Step> {
  return new Map(STEPS.map((step) => [step.name, step as unknown as Step]));
}
