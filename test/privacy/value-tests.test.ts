import { describe, expect, it } from 'vitest';
import { VALUE_TESTS, type ValueTest } from '../../src/privacy/value-tests.ts';

describe('A value', () => {
  // Numbers that card brands, the IBAN registry and banks publish as examples; each wrong one differs in one digit or
  // lies where its authority gives none.
  it.each<[ValueTest, string[], string[]]>([
    [
      'card',
      [
        '4111111111111111',
        '5555 5555 5555 4444',
        '3782-822463-10005',
        '6011111111111117',
        '2223003122003222',
      ],
      ['4111111111111112', '5555555555554445', '378282246310006', '7111111111111116', '411111111111111'],
    ],
    [
      'iban',
      ['DE89 3704 0044 0532 0130 00', 'GB29NWBK60161331926819', 'fr1420041010050500013m02606'],
      ['DE88370400440532013000', 'GB29NWBK60161331926818', 'DE89', '89DE370400440532013000'],
    ],
    ['routing', ['021000021', '011401533'], ['021000022', '000000000', '510000008', '21000021']],
    [
      'ssn',
      ['123456789', '001010001'],
      ['000456789', '666456789', '900456789', '123006789', '123450000', '12345678'],
    ],
    ['dashedSsn', ['123-45-6789'], ['123456789', '000-45-6789', '123-456-789']],
    ['email', ['a.b@college.example'], ['a.b@college', 'a b@college.example', '@college.example']],
    ['ip', ['192.0.2.7', '2001:db8::1'], ['192.0.2.256', '192.0.2', '2001:db8::g']],
    ['phone', ['(215) 555-0123', '+43 1 58801 0', '215-555-0123 x12'], ['2155550123', '115-555-0123']],
  ])('is recognized as %s by its form and its check digits', (test, right, wrong) => {
    expect(right.filter((value) => !VALUE_TESTS[test](value))).toEqual([]);
    expect(wrong.filter((value) => VALUE_TESTS[test](value))).toEqual([]);
  });
});
