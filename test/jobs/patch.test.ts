import { describe, expect, it } from 'vitest';
import { applyPatch, patchOf } from '../../src/jobs/patch.ts';
import { RULES } from '../../src/jobs/rules.ts';

const TEXT = `# The college's own words
name: Lakeside # short
aws:
  spark:   # two models need it
    workers: 12   # since the spring
    timeoutMinutes: 60
schedule:
  at: "23:30" # after the SIS's batch
`;
const changeOf = (id: string) => RULES.find((rule) => rule.id === id)!.change!;

describe('A patch of campus.yaml', () => {
  it('replaces the value and no other character', () => {
    const patch = patchOf(TEXT, changeOf('half-the-workers'))!;
    expect(patch).toEqual({ setting: 'aws.spark.workers', before: 12, after: 6 });
    expect(applyPatch(TEXT, patch)).toBe(TEXT.replace('workers: 12', 'workers: 6'));
    const later = patchOf(TEXT, changeOf('schedule-collides'))!;
    expect(later).toEqual({ setting: 'schedule.at', before: '23:30', after: '00:17' });
    expect(applyPatch(TEXT, later)).toBe(TEXT.replace('"23:30"', '"00:17"'));
  });

  it('adds a setting that is not written, and keeps every comment', () => {
    const short = '# mine\nname: Lakeside # short\n';
    const patched = applyPatch(short, patchOf(short, changeOf('schedule-collides'))!);
    expect(patched).toBe('# mine\nname: Lakeside # short\nschedule:\n  at: "03:17"\n');
  });

  it('is none where the setting stays as it is', () => {
    expect(patchOf('name: x\n', changeOf('half-the-workers'))).toBeUndefined();
  });
});
