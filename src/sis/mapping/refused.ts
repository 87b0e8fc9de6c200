/** What DMS knows and this lake does not do, each with its reason. */

export const REFUSED_RULE_TYPES: Readonly<Record<string, string>> = {
  'post-processing': 'tags objects in S3 after the load; the lake gives its objects their tags itself',
};

export const REFUSED_TARGETS: Readonly<Record<string, string>> = {
  'table-tablespace': 'Parquet files have no tablespaces',
  'index-tablespace': 'Parquet files have no indexes',
};

export const REFUSED_ACTIONS: Readonly<Record<string, string>> = {
  'add-column':
    "its expression is in SQLite's language, which PostgreSQL does not run; make the column in a model",
  'define-primary-key': 'Parquet files have no keys; the key of a dataset is in the catalog',
  'add-before-image-columns': 'a full load has no image of a row before its change',
  'data-masking-digits-mask': 'use a treatment in the catalog instead: pseudonym or exclude',
  'data-masking-digits-randomize': 'use a treatment in the catalog instead: pseudonym or exclude',
  'data-masking-hash-mask':
    'its hash has no key, so it is no pseudonym; use treatment: pseudonym in the catalog',
};

export const REFUSED_PARALLEL_LOADS: Readonly<Record<string, string>> = {
  'partitions-auto': 'PostgreSQL as a source knows ranges only',
  'partitions-list': 'PostgreSQL as a source knows ranges only',
  'subpartitions-auto': 'it is for Oracle; PostgreSQL as a source knows ranges only',
  'subpartitions-list': 'it is for Oracle; PostgreSQL as a source knows ranges only',
};

export const REFUSED_SETTINGS: Readonly<Record<string, string>> = {
  'lob-settings': 'long values are always carried whole',
};
