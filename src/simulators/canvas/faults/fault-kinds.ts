import { API_FAULTS } from './api-faults.ts';
import { DELIVERY_FAULTS } from './delivery-faults.ts';
import { FILE_FAULTS } from './file-faults.ts';
import { JOB_FAULTS } from './job-faults.ts';

/** Every failure that can be injected. */
export const FAULT_KINDS = [...API_FAULTS, ...JOB_FAULTS, ...DELIVERY_FAULTS, ...FILE_FAULTS] as const;
export type FaultName = (typeof FAULT_KINDS)[number]['what'];
