import { rm } from 'node:fs/promises';
import { serveWarehouse } from '../../../src/platform/local/warehouse.ts';
import { warehouseContract } from '../../contract/warehouse.ts';
import { newCampus, open, readAs, tableOf, type WarehouseCampus } from './warehouse-campus.ts';

let campus: WarehouseCampus;
let served: Awaited<ReturnType<typeof serveWarehouse>>;

warehouseContract({
  async open() {
    campus = await newCampus();
    served = await serveWarehouse(campus.place);
    return open(campus);
  },
  async close() {
    await served.stop();
    await campus.engine.close();
    await rm(campus.root, { recursive: true });
  },
  table: (name, select) => tableOf(campus, name, select),
  ask: (sql) => readAs(served.info, sql),
});
