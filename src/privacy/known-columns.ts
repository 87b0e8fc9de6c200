import type { SourceConfig } from '../campus/campus-schema.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import { isKnownCanvasTable, knownCanvasClass } from './canvas-columns.ts';

/** What is known of a product's tables before anybody looks at them. */
export interface KnownColumns {
  /** What the product is called. */
  readonly product: string;
  /** Whether the table is listed: its other columns say nothing, unless their name does. */
  hasTable(table: string): boolean;
  /** Undefined where the name of the column must decide. */
  classOf(table: string, column: string): PrivacyClass | undefined;
}

/** A list holds for its own product only: other tables of the same name may hold something else. */
const KNOWN: Partial<Record<SourceConfig['kind'], KnownColumns>> = {
  canvas: { product: 'Canvas', hasTable: isKnownCanvasTable, classOf: knownCanvasClass },
};

/** Undefined for a product whose tables every college names in its own way. */
export const knownColumns = (kind: SourceConfig['kind'] | undefined): KnownColumns | undefined =>
  kind && KNOWN[kind];
