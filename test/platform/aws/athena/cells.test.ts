import { describe, expect, it } from 'vitest';
import { cellReader } from '../../../../src/platform/aws/athena/cells.ts';
import type { Cell } from '../../../../src/ports/query-engine.ts';

describe("cells of Athena's results", () => {
  it.each<[string, string | undefined, Cell]>([
    ['bigint', '21070000000000001', 21070000000000001n],
    ['integer', '-3', -3],
    ['double', '1.0E10', 10_000_000_000],
    ['double', 'NaN', Number.NaN],
    ['float', '0.33333334', 0.33333334],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['decimal', '12345678901234567.25', '12345678901234567.25'],
    ['varchar', '', ''],
    ['varchar', undefined, null],
    ['date', '2026-01-31', '2026-01-31'],
    ['timestamp', '2026-01-31 08:00:00.000', '2026-01-31 08:00:00.000'],
    ['timestamp', '2026-01-31 08:00:00.120000', '2026-01-31 08:00:00.120'],
    ['timestamp', '2026-01-31 08:00:00.123456', '2026-01-31 08:00:00.123456'],
    ['timestamp', '2026-01-31 08:00:00', '2026-01-31 08:00:00.000'],
    ['timestamp with time zone', '2026-01-31 08:00:00.000 UTC', '2026-01-31 08:00:00.000'],
    ['timestamp with time zone', '2026-01-31 00:30:00.120 +05:30', '2026-01-30 19:00:00.120'],
    ['time', '08:00:00.000', '08:00:00'],
    ['time', '08:00:00.120', '08:00:00.12'],
    ['varbinary', 'de ad be ef', 'deadbeef'],
    ['array', '[1, 2]', '[1, 2]'],
  ])('reads %s %s', (Type, text, cell) => {
    expect(cellReader({ Name: 'x', Type })(text)).toEqual(cell);
  });
});
