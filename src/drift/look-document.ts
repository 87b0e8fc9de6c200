import { z } from 'zod';
import type { ObjectStore } from '../ports/objects.ts';
import { type DocumentKind, encodeDocument, parseDocument } from '../state/document.ts';
import { fieldsOf, text } from '../state/parts.ts';
import type { Look } from './find-drift.ts';

interface LookDocument {
  readonly tables: Look;
}

const LOOK: DocumentKind = {
  what: 'survey of the raw files',
  // Format 1 was the tables themselves.
  migrations: [(tables) => ({ tables })],
  schema: fieldsOf<LookDocument>({ tables: z.record(text, z.record(text, text)) }),
  whenDamaged: 'Delete it: the next load is compared with the catalog only.',
};

const keyOf = (source: string): string => `drift/${source}.json`;

/** What the last survey of a source saw; nothing before the first. @throws DamagedDocumentError */
export async function readLook(objects: Pick<ObjectStore, 'getText'>, source: string): Promise<Look> {
  const stored = await objects.getText(keyOf(source));
  return stored === undefined ? {} : parseDocument<LookDocument>(LOOK, stored, keyOf(source)).tables;
}

export async function writeLook(
  objects: Pick<ObjectStore, 'putText'>,
  source: string,
  tables: Look,
): Promise<void> {
  const document: LookDocument = { tables };
  await objects.putText(keyOf(source), JSON.stringify(encodeDocument(LOOK, document)));
}
