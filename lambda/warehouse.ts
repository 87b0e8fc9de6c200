import { loadWarehouseStep } from '../src/pipeline/steps/load-warehouse.ts';
import { handlerFor } from './handler.ts';
import { openAwsLake } from './open-lake.ts';

/** Loads the warehouse. */
export const handler = handlerFor([loadWarehouseStep], openAwsLake);
