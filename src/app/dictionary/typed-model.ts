import type { Model } from '../../models/model.ts';
import type { TableColumn } from '../../ports/tables.ts';
import type { TableCheck } from '../../quality/table-check.ts';

/** A model with the columns of its table. */
export interface TypedModel {
  readonly model: Model;
  readonly columns: readonly TableColumn[];
  /** What a run checks before anybody sees the table. */
  readonly checks: readonly TableCheck[];
}
