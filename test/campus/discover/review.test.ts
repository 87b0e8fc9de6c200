import { describe, expect, it } from 'vitest';
import { catalogFileSchema } from '../../../src/campus/catalog-schema.ts';
import { reviewProposals } from '../../../src/campus/discover/review.ts';
import { readYaml } from '../../../src/campus/read-yaml.ts';

const TEXT = `source: sis
datasets:
  - name: people
    namespace: r
    table: people
    key: [id]
    columns:
      - { name: id, type: bigint, privacy: none } # ours
      - { name: born, type: date, privacy: quasi } # proposed: birth, death or age
      - { name: ssn, type: varchar, privacy: secret } # proposed: a national id; gone at the source since 2026-01-02
      - name: city
        type: varchar
        privacy: none
  - name: holds
    namespace: r
    table: holds
    key: []
    load: off # proposed
    columns:
      - { name: code, type: varchar, privacy: none } # proposed
`;

function review(
  isMeant: (id: string) => boolean,
  classes?: Parameters<typeof reviewProposals>[0]['classes'],
) {
  const value = readYaml('sis.yaml', TEXT, catalogFileSchema).value!;
  const parts = [{ path: 'sis.yaml', text: TEXT, value }];
  return reviewProposals({
    parts,
    campus: { privacy: { defaults: {}, undecided: 'allow' } },
    isMeant,
    classes,
  });
}

describe('A review of what discovery proposed', () => {
  it('lists what nobody has decided on, with what becomes of it', () => {
    expect(review(() => true).tables).toEqual([
      {
        id: 'sis.people',
        loaded: true,
        columns: [
          { column: 'born', privacy: 'quasi', treatment: 'keep' },
          { column: 'ssn', privacy: 'secret', treatment: 'exclude' },
        ],
      },
      { id: 'sis.holds', loaded: false, columns: [{ column: 'code', privacy: 'none', treatment: 'keep' }] },
    ]);
  });

  it('makes exactly what is meant a decision, and leaves every other byte', () => {
    expect(review((id) => id === 'sis.people').accepted.get('sis.yaml')).toBe(
      TEXT.replace(' # proposed: birth, death or age', '').replace(
        '# proposed: a national id; gone',
        '# gone',
      ),
    );
    expect(review(() => true, ['none']).accepted.get('sis.yaml')).toBe(
      TEXT.replace('privacy: none } # proposed\n', 'privacy: none }\n'),
    );
    expect(review(() => true, ['aid'])).toEqual({ tables: [], accepted: new Map() });
  });
});
