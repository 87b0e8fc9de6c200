import type { AppLake } from '../../src/app/app-lake.ts';

/** The lake as the workbench's server holds it: with the session of whoever started it. */
export type WorkbenchLake = AppLake;

/** The lake for one request: with the access policy as it is now. */
export type LakeNowOpen = () => Promise<WorkbenchLake>;
