import type { LakeType } from '../campus/lake-type.ts';

/**
 * The longest text that Redshift keeps, in bytes. PostgreSQL counts characters, so what fits there can still be
 * too long here; both refuse it instead of cutting it.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
 */
const VARCHAR_LIMIT = 65_535;

/**
 * How PostgreSQL and Redshift both spell a type of the lake.
 * @param binary the only type that they name differently: bytea in PostgreSQL, varbyte in Redshift
 */
export function portableType(type: LakeType, binary: 'bytea' | 'varbyte'): string {
  switch (type) {
    case 'double':
      return 'double precision';
    case 'varchar':
      return `varchar(${VARCHAR_LIMIT})`;
    case 'varbinary':
      return binary;
    default:
      return type;
  }
}
