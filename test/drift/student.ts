import type { CatalogDataset } from '../../src/campus/campus.ts';

/** A table of a SIS that writes its names in capitals. */
export const student: CatalogDataset = {
  source: 'sis',
  name: 'student',
  id: 'sis.student',
  namespace: 'REG',
  table: 'STUDENT',
  key: ['id'],
  columns: [
    { name: 'id', source: 'ID', type: 'bigint', privacy: 'quasi' },
    { name: 'full_name', source: 'NAME', type: 'varchar', privacy: 'direct' },
    { name: 'ssn', source: 'SSN', type: 'varchar', privacy: 'secret' },
  ],
};
