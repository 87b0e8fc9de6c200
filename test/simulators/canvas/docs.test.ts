import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAULT_KINDS } from '../../../src/simulators/canvas/faults/fault-kinds.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/canvas-simulator.md'), 'utf8');

test('docs/canvas-simulator.md lists exactly the faults there are', () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.+) \| (recover|report) \| (.+) \|$/gm)].map((m) =>
    m.slice(1),
  );
  expect(rows).toEqual(FAULT_KINDS.map((k) => [k.what, k.endpoints.join(', '), k.calls, k.about]));
});
