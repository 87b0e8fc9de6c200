/** `20211123-013830913.parquet`, as DMS names a file of changes by the time at which it was begun. */
export function changeFileName(nowMs: number, after: string | undefined): string {
  const name = nameOf(nowMs);
  return after === undefined || name > after ? name : nameOf(timeOf(after) + 1);
}

function nameOf(ms: number): string {
  const digits = new Date(ms).toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 17)}.parquet`;
}

function timeOf(name: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})/.exec(name)!;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}
