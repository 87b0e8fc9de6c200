import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { checkLobNeeds } from '../../lib/sis/lob-needs.ts';
import { createCatalog } from '../../src/campus/catalog.ts';
import { CAMPUS, settingsFor } from './campus.ts';

/** A source of a kind with one table of so many texts. */
function checked(texts: number, source: object, aws: object = {}) {
  const { replication: _of, ...sis } = { replication: undefined, ...CAMPUS.sources.sis, ...source };
  const settings = settingsFor({ ...CAMPUS, sources: { sis }, aws });
  const columns = Array.from({ length: texts }, (_, i) => ({
    name: `note_${i}`,
    type: 'varchar' as const,
    privacy: 'none' as const,
  }));
  const table = { ...settings.catalog.of('sis')[0]!, columns };
  const stack = new Stack(new App());
  checkLobNeeds(stack, { ...settings, catalog: createCatalog([table]) }, 'sis');
  return stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
}

describe.each(['postgres', 'oracle', 'sqlserver', 'mysql'])('long values of %s', (kind) => {
  it('fit as they are, or slow a load down, or are refused, with the figures of DMS', () => {
    const eight = { kind, maxConnections: 1 };

    expect(checked(4, eight)).toEqual([]);
    expect(checked(30, { kind })).toHaveLength(1);
    expect(() => checked(80, { kind, maxLobKb: 2048 })).toThrow(
      '4096 KB x 100 rows x 80 columns of text or binary values are 32000 MB, and dms.t3.micro has 512 MB for them',
    );
    const larger = { replication: { instance: 'dms.r6i.4xlarge' } };
    expect(checked(80, { ...eight, maxLobKb: 2048 }, larger)).toEqual([]);
  });
});
