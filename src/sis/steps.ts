export { sisCommit } from './commit-step.ts';
export { sisPoll } from './poll-step.ts';
export { sisStart } from './start-step.ts';
