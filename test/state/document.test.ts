import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type DocumentKind,
  decodeDocument,
  encodeDocument,
  type JsonObject,
  parseDocument,
} from '../../src/state/document.ts';
import { DamagedDocumentError, NewerFormatError } from '../../src/state/errors.ts';
import { LOAD_MANIFEST } from '../../src/state/load-documents.ts';
import { PUBLICATION } from '../../src/state/publication-documents.ts';
import { decodeRecord, encodeRecord } from '../../src/state/records.ts';
import { readBundle } from '../fixtures/lake-format-1/bundle.ts';

const KIND: DocumentKind = {
  what: 'note',
  migrations: [
    ({ title, ...rest }) => ({ ...rest, name: title! }),
    (document) => ({ ...document, tags: [document.name!] }),
  ],
  schema: z.looseObject({ name: z.string(), tags: z.array(z.string()) }),
};

describe('A persisted document', () => {
  it.each([
    { formatVersion: undefined, title: 'a' },
    { formatVersion: 1, title: 'a' },
    { formatVersion: 2, name: 'a' },
    { formatVersion: 3, name: 'a', tags: ['a'] },
  ])('of any earlier format is migrated step by step (%j)', ({ formatVersion, ...document }) => {
    const stored = formatVersion === undefined ? document : { formatVersion, ...document };
    expect(decodeDocument(KIND, stored, 'notes/a')).toEqual({ name: 'a', tags: ['a'] });
  });

  it('is written in the current format and read as it was, with fields that the schema does not name', () => {
    const document = { name: 'a', tags: [], more: { of: 'it' } };
    const stored = encodeDocument(KIND, document);
    expect(stored).toEqual({ formatVersion: 3, ...document });
    expect(decodeDocument(KIND, stored, 'notes/a')).toEqual(document);
  });

  it('of a newer format is refused: what, which format, what to do', () => {
    const read = () => decodeDocument(KIND, { formatVersion: 4, name: 7 }, 'notes/a');
    expect(read).toThrow(NewerFormatError);
    expect(read).toThrow('The note notes/a has format 4; this version of campus-lake reads formats up to 3.');
  });

  it.each([
    ['{"name": "D\'Ang', 'it is not JSON'],
    ['[]', 'it is not a JSON object'],
    ['null', 'it is not a JSON object'],
    ['{"formatVersion": 0}', 'formatVersion: expected a whole number from 1'],
    ['{"formatVersion": "2"}', 'formatVersion: expected a whole number from 1'],
    ['{"formatVersion": 3, "name": "D\'Angelo", "tags": ["x", 3]}', 'tags[1]: expected string'],
    ['{"formatVersion": 3, "tags": []}', 'name: expected string'],
  ])('that is damaged (%s) is named with its fault and without its values', (text, fault) => {
    let error: unknown;
    try {
      parseDocument(KIND, text, 'notes/a');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DamagedDocumentError);
    expect(error).toMatchObject({ fault, message: `The note notes/a is damaged: ${fault}.` });
    expect(String(error)).not.toContain('Ang');
  });
});

describe('Documents of format 1', async () => {
  const files = await readBundle();
  const matching = (pattern: RegExp) => [...files].filter(([path]) => pattern.test(path));

  it('are read: every state record; it is written again with its format', () => {
    const records = matching(/^ledger\/state\//);
    expect(records.length).toBeGreaterThan(30);
    for (const [path, content] of records) {
      const key = decodeURIComponent(path.slice('ledger/state/'.length, -'.json'.length));
      const { value } = JSON.parse(String(content));
      const known = decodeRecord<JsonObject>(key, value, path);
      const isDataset = key.startsWith('dataset/');
      if (!isDataset) expect(known).toEqual(value);
      expect(encodeRecord(key, known)).toEqual({ formatVersion: isDataset ? 2 : 1, ...known });
    }
  });

  it('are read: every manifest and every publication', () => {
    const manifests = matching(/manifest\.json$/);
    const publications = matching(/^publications\//);
    expect([manifests.length > 10, publications.length]).toEqual([true, 2]);
    for (const [path, content] of manifests) {
      expect(parseDocument(LOAD_MANIFEST, String(content), path)).toEqual(JSON.parse(String(content)));
    }
    for (const [path, content] of publications) {
      expect(parseDocument(PUBLICATION, String(content), path)).toEqual(JSON.parse(String(content)));
    }
  });

  it('that are publications without facts have none afterwards', () => {
    const publication = { id: 'a', run: 'a', at: 'a', asOf: 'a', tables: {} };
    expect(decodeDocument(PUBLICATION, publication, 'publications/a.json')).toEqual({
      ...publication,
      facts: {},
    });
  });
});
