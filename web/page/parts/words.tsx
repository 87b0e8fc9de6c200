import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Me } from '../../answers.ts';

/** Who looks, and in which time zone: that of the campus, on every view. */
export const MeContext = createContext<Me | undefined>(undefined);

const NUMBER = new Intl.NumberFormat('en');
export const count = (n: number): string => NUMBER.format(n);

/** `3 rows`, `1 row`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

function relative(seconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS[3]!;
  return RELATIVE.format(Math.round(seconds / size), unit);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function exactly(at: string, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    });
    formats.set(timeZone, format);
  }
  return format.format(new Date(at));
}

/** An instant: how long ago, and exactly, in the campus's time zone. */
export function When({ at, plain = false }: { at: string | undefined; plain?: boolean }) {
  const timeZone = useContext(MeContext)?.timeZone ?? 'UTC';
  if (at === undefined) return <span class="quiet">not known</span>;
  const exact = exactly(at, timeZone);
  const ago = relative((Date.parse(at) - Date.now()) / 1000);
  return (
    <time dateTime={at} title={exact}>
      {plain ? exact : ago}
      {plain ? '' : <span class="exact"> {exact}</span>}
    </time>
  );
}

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 0.95) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.5) return `${seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${(minutes / 60).toFixed(1)} h`;
}

/** Bytes as a person says them. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, at] = [n, 0];
  while (value >= 1000 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return `${at === 0 ? value : value.toPrecision(3)} ${units[at]}`;
}

export const secondsBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / 1000;
