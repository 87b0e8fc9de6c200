import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lineageEvents } from '../../src/app/health/open-lineage.ts';
import { openNights } from './night.ts';

/** The JSON Schemas that the project OpenLineage publishes (Apache License 2.0); only the layout is ours. */
const SCHEMAS = resolve(import.meta.dirname, '../fixtures/openlineage');

function validator() {
  const ajv = new Ajv2020({
    strict: false,
    formats: {
      uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      uri: /^[a-z][a-z0-9+.-]*:\S+$/,
      'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    },
  });
  for (const file of readdirSync(SCHEMAS))
    ajv.addSchema(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')));
  return ajv;
}

let nights: Awaited<ReturnType<typeof openNights>>;
beforeEach(async () => {
  nights = await openNights();
});
afterEach(() => nights.close());

it('events are as the published JSON Schemas have them, facets too', async () => {
  await nights.run({
    failed: [{ step: 'build-model', item: 'students', code: 'sql-unknown-column' }],
    checks: [{ table: 'sis.students', check: 'unique(id)', failing: 2 }],
  });
  const events = await lineageEvents(nights.lake as never);
  const ajv = validator();
  const isEvent = ajv.getSchema('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent')!;
  expect(events.map(({ eventType, job }) => `${eventType} ${job.name}`)).toEqual([
    'FAIL build-model.campus.students',
    'FAIL check.sis.students',
  ]);
  for (const event of events) {
    expect([isEvent(event), isEvent.errors]).toEqual([true, null]);
    const datasets = [...event.inputs, ...event.outputs];
    const facets = [
      event.run.facets,
      event.job.facets,
      ...datasets.flatMap((one) => [one.facets, one.inputFacets, one.outputFacets]),
    ];
    for (const one of facets.flatMap((of) => Object.values(of ?? {}))) {
      const isFacet = ajv.getSchema(one._schemaURL)!;
      expect([one._schemaURL, isFacet(one), isFacet.errors]).toEqual([one._schemaURL, true, null]);
    }
  }
  expect(events[0]!.inputs.map(({ name }) => name)).toEqual(['sis.students', 'canvas.users']);
  expect(events[0]!.run.facets.errorMessage).toMatchObject({
    message: expect.stringContaining('build-model'),
  });
  // An event that is sent twice is one.
  expect((await lineageEvents(nights.lake as never))[0]!.run.runId).toBe(events[0]!.run.runId);
});
