/** The columns of `mart.lake_tables`, in which both warehouses say of every table how far its rows are known. */
export const LAKE_TABLES_COLUMNS = `
  table_name varchar(256) NOT NULL, row_count bigint NOT NULL, data_as_of timestamp, loaded_at timestamp,
  last_good_run varchar(64), owner varchar(256), why_late varchar(2000)`;
