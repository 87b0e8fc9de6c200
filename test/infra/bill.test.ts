import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimate } from '../../lib/cost/estimate.ts';
import { usageOf } from '../../lib/cost/usage.ts';
import { settingsOf } from '../../lib/settings.ts';
import { loadCampus } from '../../src/campus/load.ts';
import type { Deployed } from './deployed.ts';
import { frugal, standard } from './profiles.ts';

describe('The bill of a college of 10,000 students', async () => {
  // The catalog and plan of a whole campus; the templates above are the same but for a few names.
  const loaded = await loadCampus(join(import.meta.dirname, '../..'));
  const bill = (lake: Deployed, profile: string) => {
    const resources = [...lake.stacks].flatMap(([stack, all]) =>
      Object.entries(all).map(([id, { Type: type, Properties }]) => ({
        id: `${stack}/${id}`,
        type,
        properties: Properties ?? {},
      })),
    );
    const college = { students: 10_000, models: 8, waves: 3 };
    return estimate(resources, usageOf(settingsOf(loaded, { profile }), college));
  };

  it('is at most 40 dollars a month in frugal', () => {
    const { total, unpriced } = bill(frugal, 'frugal');
    expect(unpriced).toEqual([]);
    expect(total).toBeLessThanOrEqual(40);
    // Below its instance, its address and its key it cannot be: something would have been forgotten.
    expect(total).toBeGreaterThan(20);
  });

  it('stays below the budget of standard with a VPN and a warehouse that is awake up to its limit', () => {
    const { total, lines } = bill(standard, 'standard');
    const names = lines.map(({ what }) => what);
    expect(names).toEqual(
      expect.arrayContaining(['Warehouse (Redshift)', 'VPN to the campus', 'VPC endpoints']),
    );
    expect(total).toBeGreaterThan(200);
    expect(total).toBeLessThanOrEqual(400);
  });

  it('is made of prices with a date and a source, and adds up', () => {
    for (const { total, lines } of [bill(frugal, 'frugal'), bill(standard, 'standard')]) {
      const parts = lines.flatMap((line) => line.parts);
      expect(parts.length).toBeGreaterThan(25);
      for (const { price, quantity, monthly, usd, date, source } of parts) {
        expect(monthly, price).toBeCloseTo(quantity * usd, 9);
        expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
        expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//);
      }
      expect(total).toBeCloseTo(
        parts.reduce((sum, part) => sum + part.monthly, 0),
        6,
      );
    }
  });
});
