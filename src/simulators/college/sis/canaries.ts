import { Random } from '../random.ts';

/**
 * Sensitive values that can belong to nobody, so that a test which finds one downstream has found a leak.
 * Social security numbers: area 000 or 9xx was never issued (SSA FAQ 425), and group 00 keeps them from being
 * taxpayer numbers. Telephones: 555-0100 to 555-0199 is reserved for fiction. Bank: routing numbers never begin
 * with 99.
 */
export interface Canary {
  readonly ssn: string;
  readonly phone: string;
  readonly bankRouting: string;
  readonly bankAccount: string;
}

export function canaryOf(seed: number, person: number): Canary {
  const random = new Random(seed, 'canary', person);
  return {
    ssn: random.chance(0.5)
      ? `000-${digits(random, 2)}-${digits(random, 4)}`
      : `9${digits(random, 2)}-00-${digits(random, 4)}`,
    phone: `(630) 555-01${digits(random, 2)}`,
    bankRouting: `99${digits(random, 7)}`,
    bankAccount: `${digits(random, 5)}${digits(random, 6)}`,
  };
}

function digits(random: Random, count: number): string {
  return String(random.int(10 ** count)).padStart(count, '0');
}
