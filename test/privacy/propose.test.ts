import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { type ColumnToJudge, proposePrivacy } from '../../src/privacy/propose.ts';

/** 2026-10-01, so that ages do not move. */
const NOW = Date.UTC(2026, 9, 1);
const propose = (table: string, name: string, more: Partial<ColumnToJudge> = {}) =>
  proposePrivacy({ table, name, type: 'varchar', now: NOW, ...more }).privacy;

describe('by name', () => {
  it.each([
    // national ids, also under the names that public Banner SQL gives them
    ['SPBPERS', 'SPBPERS_SSN', 'secret'],
    ['persons', 'tax_id', 'secret'],
    ['persons', 'SharedSecret', 'secret'],
    ['PS_PERS_NID', 'NATIONAL_ID', 'secret'],
    ['persons', 'passportNumber', 'secret'],
    // money and access
    ['GXRDIRD', 'GXRDIRD_BANK_ROUT_NUM', 'secret'],
    ['refunds', 'iban', 'secret'],
    ['GOBTPAC', 'GOBTPAC_PIN', 'secret'],
    ['users', 'password_hash', 'secret'],
    ['chart', 'gl_account_number', 'none'],
    // logs; a zip code and a summer session hold no address
    ['logins', 'remote_addr', 'log'],
    ['logins', 'lastLoginIp', 'log'],
    ['terms', 'session_code', 'none'],
    ['addresses', 'zip', 'quasi'],
    // health, origin, belief, immigration
    ['SPRMEDI', 'SPRMEDI_DISA_CODE', 'special'],
    ['PS_DIVERS_ETHNIC', 'ETHNIC_GRP_CD', 'special'],
    ['persons', 'citizenship', 'special'],
    ['PS_VISA_PMT_DATA', 'VISA_PERMIT_TYPE', 'special'],
    ['persons', 'veteranStatus', 'special'],
    // aid
    ['PS_ISIR_PARENT', 'AGI', 'aid'],
    ['aid_awards', 'amount', 'aid'],
    ['aid_awards', 'term_code', 'none'],
    // people
    ['persons', 'first_name', 'direct'],
    ['persons', 'FirstName', 'direct'],
    ['persons', 'name', 'direct'],
    ['terms', 'name', 'none'],
    ['terms', 'short_name', 'none'],
    ['GOREMAL', 'GOREMAL_EMAIL_ADDRESS', 'direct'],
    ['SPRTELE', 'SPRTELE_PHONE_NUMBER', 'direct'],
    ['persons', 'student_number', 'direct'],
    ['next_of_kin', 'emergency_contact', 'direct'],
    ['persons', 'gender', 'quasi'],
    ['SPBPERS', 'SPBPERS_BIRTH_DATE', 'quasi'],
    ['SFRSTCR', 'SFRSTCR_PIDM', 'quasi'],
    ['sections', 'instructor_id', 'quasi'],
    // records
    ['registrations', 'status', 'education'],
    ['student_terms', 'cumulative_gpa', 'education'],
    ['persons', 'ferpa_flag', 'education'],
    ['registrations', 'section_id', 'none'],
    // free text
    ['student_holds', 'note', 'text'],
    ['advising_notes', 'note_text', 'text'],
    // lists of codes are about nobody
    ['STVETHN', 'STVETHN_DESC', 'none'],
    ['visa_types', 'description', 'none'],
    ['gender_codes', 'gender', 'none'],
    ['courses', 'credits', 'none'],
  ] as const)('%s.%s is %s', (table, name, expected) => {
    expect(propose(table, name)).toBe(expected);
  });

  it('takes a flag or a count for what it is', () => {
    expect(propose('terms', 'comment', { type: 'boolean' })).toBe('none');
    expect(propose('courses', 'comment_count', { type: 'integer' })).toBe('none');
    expect(propose('sections', 'email_sent_at', { type: 'timestamp' })).toBe('none');
  });

  it('does not take a table for a list of codes when its rows name people', () => {
    expect(propose('enrollment_statuses', 'visa_code')).toBe('none');
    expect(propose('enrollment_statuses', 'visa_code', { siblings: ['student_id', 'visa_code'] })).toBe(
      'special',
    );
  });

  it('sees a state, beside a city, as part of an address', () => {
    expect(propose('contacts', 'state', { siblings: ['city', 'state'] })).toBe('quasi');
    expect(propose('enrollment_states', 'state', { source: 'canvas' })).toBe('education');
  });

  it.each([
    ['inet', 'sections', 'log'],
    ['jsonb', 'student_holds', 'text'],
    ['jsonb', 'sections', 'none'],
    ['bytea', 'persons', 'text'],
    ['integer', 'sections', 'none'],
  ])('sees by the type %s in %s that it is %s', (sourceType, table, expected) => {
    expect(propose(table, 'extra', { sourceType })).toBe(expected);
  });

  it('takes the schema into account, and lets a key link rows wherever it is', () => {
    expect(propose('applications', 'aid_year')).toBe('education');
    expect(propose('applications', 'aid_year', { namespace: 'finaid' })).toBe('aid');
    expect(propose('applications', 'fund_code', { namespace: 'finaid', key: true })).toBe('none');
    expect(propose('applications', 'ssn', { key: true })).toBe('secret');
  });

  const CANARIES = [
    'ssn', 'social_security_no', 'national_id', 'bank_account', 'routing_number', 'iban', 'password', 'auth_token',
    'login_ip', 'user_agent', 'agi', 'pell_flag', 'race', 'ethnicity', 'religion', 'disability_code', 'visa_type',
    'citizenship', 'pronouns', 'comment', 'last_name', 'email', 'mobile_phone', 'street_line_1', 'student_number',
    'birth_date', 'zip_code', 'gender', 'gpa', 'pidm',
  ]; // biome-ignore format: one list
  const camel = (name: string) => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

  it('proposes no sensitive name as none, however it is written and wherever it is not a mere code', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CANARIES),
        fc.constantFrom('persons', 'student_holds', 'aid_awards', 'sections', 'xyz', 'SPBPERS', 'contacts'),
        fc.constantFrom(
          (n: string) => n,
          (n: string) => n.toUpperCase(),
          camel,
          (n: string, t: string) => `${t}_${n}`.toUpperCase(),
          (n: string) => `legacy_${n}`,
        ),
        (name, table, style) => propose(table, style(name, table)) !== 'none',
      ),
    );
  });
});

describe('for Canvas', () => {
  it.each([
    ['users', 'pronouns', 'special'],
    ['users', 'id', 'quasi'],
    ['pseudonyms', 'sis_user_id', 'direct'],
    ['assignments', 'lti_context_id', 'none'],
    ['assignments', 'omit_from_final_grade', 'none'],
    ['access_tokens', 'crypted_token', 'secret'],
    ['web_logs', 'url', 'log'],
    ['attachments', 'display_name', 'text'],
    ['scores', 'workflow_state', 'none'],
    ['scores', 'a_new_ssn', 'secret'],
    ['a_new_table', 'body', 'text'],
  ] as const)('%s.%s is %s', (table, name, expected) => {
    expect(propose(table, name, { source: 'canvas' })).toBe(expected);
  });
});

describe('by values', () => {
  const digits = (n: number) => fc.stringMatching(new RegExp(`^[1-9]\\d{${n - 1}}$`));
  const many = (value: fc.Arbitrary<string>) => fc.uniqueArray(value, { minLength: 60, maxLength: 80 });
  const sampled = (samples: readonly unknown[], name = 'field_7', type: LakeType = 'varchar') =>
    propose('things', name, { samples, type });
  const thirty = (make: (i: number) => unknown) => Array.from({ length: 30 }, (_, i) => make(i));

  it.each([
    ['dashed social security numbers', thirty((i) => `${123 + i}-45-${6789 - i}`), 'secret'],
    ['ITINs, which no one was given as an SSN', thirty((i) => `9${10 + i}-70-1234`), 'none'],
    [
      'IBANs',
      [
        'DE89370400440532013000',
        'GB29NWBK60161331926819',
        'FR1420041010050500013M02606',
        'NL91ABNA0417164300',
        'CH9300762011623852957',
      ],
      'secret',
    ],
    [
      'card numbers',
      ['4111111111111111', '5555555555554444', '378282246310005', '6011111111111117', '4012888888881881'],
      'secret',
    ],
    ['addresses of both kinds', thirty((i) => (i % 2 ? `10.1.2.${i}` : `2001:db8::${i}`)), 'log'],
    ['e-mail addresses', thirty((i) => `p${i}@example.edu`), 'direct'],
    ['telephone numbers', thirty((i) => `(312) 555-01${10 + i}`), 'direct'],
    ['sentences', thirty((i) => `She told me in week ${i} that her mother is very ill at home.`), 'text'],
    ['birth dates', thirty((i) => `${1970 + i}-03-0${1 + (i % 9)}`), 'quasi'],
    ['dates of terms', thirty((i) => `${2012 + (i % 15)}-08-${10 + i}`.slice(0, 10)), 'none'],
    ['words', ['open', 'closed', 'full', 'cancelled', 'planned', 'moved'], 'none'],
  ])('%s are found', (_what, samples, expected) => {
    expect(sampled(samples)).toBe(expected);
  });

  it('proves nothing by a handful', () => {
    expect(sampled(['123-45-6789', '123-45-6789', '223-45-6789'])).toBe('none');
  });

  it('takes version numbers for what they are', () => {
    expect(
      sampled(
        thirty((i) => `1.2.3.${i}`),
        'client_version',
      ),
    ).toBe('none');
  });

  it('never takes random ids for secrets: nine digits, ten, or the 17 of Canvas', () => {
    const ids = fc.oneof(many(digits(9)), many(digits(10)), many(digits(16)), many(digits(17)));
    fc.assert(
      fc.property(
        ids,
        (samples) => !['secret', 'log', 'text'].includes(sampled(samples, 'ref_id', 'bigint')),
      ),
    );
  });

  it('asks a person to look when every id could be a social security number', () => {
    const proposal = proposePrivacy({
      table: 'things',
      name: 'ref',
      type: 'varchar',
      samples: thirty((i) => String(123_456_789 + i * 1_000_003)),
    });
    expect(proposal).toMatchObject({ privacy: 'direct', counts: { distinct: 30, hits: { ssn: 30 } } });
    expect(proposal.why).toContain('look at it');
  });

  it('only raises what the name says', () => {
    expect(propose('persons', 'ssn', { samples: thirty((i) => `word ${i}`) })).toBe('secret');
    expect(propose('persons', 'ssn', { samples: thirty((i) => `p${i}@example.edu`) })).toBe('secret');
  });

  it('reports counts and never a value', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[g-z]{8,20}@[g-z]{8}\.edu$/), { minLength: 5 }), (samples) => {
        const text = JSON.stringify(
          proposePrivacy({ table: 't', name: 'n', type: 'varchar', samples, now: NOW }),
        );
        return samples.every((s) => !text.includes(s));
      }),
    );
  });
});
