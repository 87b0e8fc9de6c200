const DECIMAL = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)$/;
const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A number as Java's `Double.parseDouble` reads it, without hexadecimals; undefined: it is none. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (!DECIMAL.test(trimmed)) return undefined;
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const digits = trimmed.replace(/^[+-]/, '').replace(/[fFdD]$/, '');
  if (digits === 'NaN') return Number.NaN;
  return sign * Number(digits);
}

/** A whole number of 32 bits; undefined: it is none. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value === (value | 0) ? value : undefined;
}

/** `20m`, `1h`, `PT5M`, `P1D` in milliseconds; undefined: it is no length of time. */
export function parseDuration(text: string): number | undefined {
  const short = /^(\d{1,9})([smhdw])$/.exec(text);
  if (short) return Number(short[1]) * UNITS[short[2]!]!;
  const iso = ISO_DURATION.exec(text);
  if (!iso || text === 'P' || text.endsWith('T')) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0));
  return days * UNITS.d! + hours * UNITS.h! + minutes * UNITS.m! + seconds * UNITS.s!;
}

/** A number as Java writes a double (`55.0`, `1.0E7`), which is the name of a constant's series in Atlas. */
export function javaDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}
