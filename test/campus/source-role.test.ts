import { describe, expect, it } from 'vitest';
import { sourceSchema } from '../../src/campus/campus-schema.ts';
import { isLms, isSis, roleOf } from '../../src/campus/source-role.ts';

const canvas = sourceSchema.parse({
  kind: 'canvas',
  clientId: { env: 'ID' },
  clientSecret: { env: 'SECRET' },
});
const sis = (kind: string) =>
  sourceSchema.parse({
    kind,
    host: 'sis.example.edu',
    database: 'sis',
    user: 'lake',
    password: { env: 'PASSWORD' },
  });

describe('The role of a source', () => {
  it('is the LMS for Canvas', () => {
    expect([roleOf(canvas), isLms(canvas), isSis(canvas)]).toEqual(['lms', true, false]);
  });

  it.each(['postgres', 'oracle', 'sqlserver', 'mysql'])('is the SIS for %s', (kind) => {
    expect([roleOf(sis(kind)), isLms(sis(kind)), isSis(sis(kind))]).toEqual(['sis', false, true]);
  });

  it('is neither for a source that campus.yaml does not have', () => {
    expect([roleOf(undefined), isLms(undefined), isSis(undefined)]).toEqual([undefined, false, false]);
  });
});
