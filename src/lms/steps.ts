export { lmsCommit } from './commit-step.ts';
export { lmsFetch } from './fetch-step.ts';
export { lmsPlan } from './plan-step.ts';
export { lmsPoll } from './poll-step.ts';
export { lmsStart } from './start-step.ts';
