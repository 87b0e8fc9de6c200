import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobAnswer, parseExactly, tokenAnswer } from '../../../src/lms/canvas/dap-answers.ts';
import { dapError } from '../../../src/lms/canvas/dap-error.ts';
import * as errors from '../../../src/lms/errors.ts';

describe('parseExactly', () => {
  it('keeps every whole number digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (id) => {
        const { parsed } = { parsed: parseExactly(`{"id": ${id}}`) as { id: number | string } };
        expect(String(typeof parsed.id === 'number' ? BigInt(parsed.id) : parsed.id)).toBe(String(id));
      }),
    );
  });
});

describe('jobAnswer', () => {
  it('reads a snapshot, unknown fields and all', () => {
    const text = `{"id":"j1","status":"complete","objects":[{"id":"j1/a","size":1}],"schema_version":3,
      "at":"2026-03-01T00:00:00Z","expires_at":"2026-03-02T00:00:00Z","brand_new":{"x":1}}`;

    expect(jobAnswer.parse(parseExactly(text))).toEqual({
      id: 'j1',
      status: 'complete',
      kind: 'snapshot',
      objects: ['j1/a'],
      schemaVersion: 3,
      watermark: '2026-03-01T00:00:00Z',
      startedAt: '2026-03-01T00:00:00.000Z',
      expiresAt: '2026-03-02T00:00:00Z',
    });
  });

  it('knows an increment by its `since`, and its watermark is `until`', () => {
    const job = jobAnswer.parse({
      id: 'j2',
      status: 'complete',
      objects: [],
      schema_version: 1,
      since: '2026-03-01T00:00:00Z',
      until: '2026-03-02T00:00:00Z',
    });

    expect(job).toMatchObject({ kind: 'increment', objects: [], watermark: '2026-03-02T00:00:00Z' });
  });

  it('refuses a complete job that does not say how far it goes', () => {
    const answer = { id: 'j', status: 'complete', schema_version: 1, objects: [] };

    expect(() => jobAnswer.parse(answer)).toThrow(/without `at`/);
    expect(() => jobAnswer.parse({ ...answer, since: '2026-03-01T00:00:00Z' })).toThrow(/without `until`/);
  });

  it('refuses a complete job that says nothing of its files, which is not the same as none', () => {
    const answer = { id: 'j', status: 'complete', schema_version: 1, at: '2026-03-01T00:00:00Z' };

    expect(() => jobAnswer.parse(answer)).toThrow(/objects/);
    expect(() => jobAnswer.parse({ ...answer, objects: null })).toThrow(/objects/);
    expect(jobAnswer.parse({ ...answer, objects: [] })).toMatchObject({ objects: [] });
  });

  it('takes null for a field that is absent', () => {
    const answer = { id: 'j', status: 'complete', schema_version: 1, objects: [], expires_at: null };
    const [at, until] = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'];

    expect(jobAnswer.parse({ ...answer, at, since: null, until: null })).toEqual({
      id: 'j',
      status: 'complete',
      kind: 'snapshot',
      objects: [],
      schemaVersion: 1,
      watermark: at,
    });
    expect(jobAnswer.parse({ ...answer, at: null, since: at, until })).toMatchObject({ kind: 'increment' });
    const error = { type: 'SnapshotRequiredError', uuid: null, message: null, kind: null };
    expect(jobAnswer.parse({ id: 'j', status: 'failed', error })).toMatchObject({
      error: { type: 'SnapshotRequiredError', message: '' },
    });
  });

  it('keeps the uuid of a failure whose message is empty', () => {
    const error = { type: 'ProcessingError', uuid: 'u-1', message: '' };

    expect(jobAnswer.parse({ id: 'j', status: 'failed', error })).toMatchObject({ error });
  });

  it('tells a table without data from a failure', () => {
    const error = { type: 'ProcessingError', uuid: 'u', message: 'There is no data available yet for x.' };

    expect(jobAnswer.parse({ id: 'j', status: 'failed', error })).toMatchObject({
      error: { type: 'NoDataYet' },
    });
  });
});

describe('tokenAnswer', () => {
  it('takes an hour where the length of life is missing', () => {
    expect(tokenAnswer.parse({ access_token: 't' }).expires_in).toBe(3600);
    expect(tokenAnswer.parse({ access_token: 't', expires_in: null }).expires_in).toBe(3600);
    expect(() => tokenAnswer.parse({ access_token: 't', expires_in: 0 })).toThrow();
  });
});

describe('dapError', () => {
  const body = (type: string, more = {}) =>
    JSON.stringify({ error: { type, uuid: 'u-7', message: 'said', ...more } });

  it.each([
    [400, body('ValidationError'), errors.LmsRequestError],
    [400, body('OutOfRangeError', { since: 'x' }), errors.OutOfRangeError],
    [400, body('SnapshotRequiredError', { since: 'x' }), errors.SnapshotRequiredError],
    [401, body('AuthenticationError'), errors.LmsAuthenticationError],
    [403, body('AccountNotOnboarded'), errors.LmsForbiddenError],
    [404, body('ObjectNotFound', { kind: 'table', id: 'x' }), errors.LmsNotFoundError],
    [404, body('ObjectNotFound', { kind: 'job', id: 'x' }), errors.JobExpiredError],
    [404, body('ObjectNotFound', { kind: 'object', id: 'x' }), errors.JobExpiredError],
    [500, body('ProcessingError'), errors.LmsServerError],
    [500, body('ProcessingError', { message: 'There is no data available yet' }), errors.NoDataYetError],
    [504, '{"error":{"message":"Endpoint request timed out"}}', errors.LmsServerError],
    [502, '<html>Bad Gateway', errors.LmsServerError],
  ])('HTTP %i %s', (status, text, kind) => {
    const error = dapError('Asking', status, text);

    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`Asking failed: HTTP ${status}`);
    if (text.includes('u-7')) expect(error.message).toContain('(uuid u-7)');
  });

  it('knows an error by its type, whatever else is null', () => {
    const error = { type: 'SnapshotRequiredError', uuid: null, message: null, kind: null, since: null };

    expect(dapError('Asking', 400, JSON.stringify({ error }))).toBeInstanceOf(errors.SnapshotRequiredError);
  });

  it('reads the one refusal whose `error` is a word', () => {
    const error = dapError('Asking', 403, '{"error":"Forbidden","message":"Send a valid user agent."}');

    expect(error).toBeInstanceOf(errors.LmsForbiddenError);
    expect(error.message).toContain('HTTP 403, Forbidden');
  });
});
