import { describe, expect, it } from 'vitest';
import { withoutErased } from '../../src/live-events/erased.ts';
import type { KeptEvent } from '../../src/live-events/treat.ts';

const list = {
  has: (kind: string, text: string) =>
    [
      ['row:canvas.users', '42'],
      ['id:person', 'S42'],
    ].some(([k, t]) => k === kind && t === text),
};
const event = (metadata: object, body: object) =>
  ({ source: 'canvas', name: 'e', time: 0, id: 'i', metadata, body }) as KeptEvent;

describe('people who were erased', () => {
  it('have no events of their own any more', () => {
    expect(withoutErased(event({}, { user_id: '42' }), list)).toBeUndefined();
    expect(withoutErased(event({}, { student_id: 42 }), list)).toBeUndefined();
    expect(withoutErased(event({ user_id: '42' }, {}), list)).toBeUndefined();
    expect(withoutErased(event({ user_sis_id: 'S42' }, { asset_id: '1' }), list)).toBeUndefined();
  });

  it('are left out of the events of others', () => {
    const left = withoutErased(
      event({ user_id: '42', user_login: 'x', request_id: 'r' }, { user_id: '7', grader_id: '42' }),
      list,
    );
    expect(left).toMatchObject({ metadata: { request_id: 'r' }, body: { user_id: '7' } });
    expect(JSON.stringify(left)).not.toContain('42');
    expect(left!.metadata).not.toHaveProperty('user_login');
  });

  it('are nobody else', () => {
    const other = event({ user_id: '4' }, { user_id: '421' });
    expect(withoutErased(other, list)).toBe(other);
  });
});
