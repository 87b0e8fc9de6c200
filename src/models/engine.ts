import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TableEngine } from '../ports/query-engine.ts';
import { headerLines } from './header-lines.ts';

/** Whose work a model can be on AWS: `athena` unless its header says otherwise. One machine has one engine for all. */
export const TABLE_ENGINES = ['athena', 'glue'] as const satisfies readonly TableEngine[];

/** The value of a header's `-- engine: …`; undefined where it says nothing. */
export function engineNamed(text: string): { readonly value: string; readonly line: number } | undefined {
  for (const { text: said = '', line } of headerLines(text)) {
    const value = /^\s*engine:\s*(.*?)\s*$/s.exec(said)?.[1];
    if (value !== undefined) return { value, line };
  }
  return undefined;
}

/**
 * Names of the models of a folder that one engine builds, by their headers alone: what is deployed depends on it, and
 * SQL need not be parsed to know it. None where there is no such folder.
 */
export function modelsOfEngine(engine: TableEngine, folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith('.sql'))
    .filter((file) => engineNamed(readFileSync(join(folder, file), 'utf8'))?.value === engine)
    .map((file) => file.slice(0, -'.sql'.length))
    .sort();
}
