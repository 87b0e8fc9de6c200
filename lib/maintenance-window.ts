/** Early on a Sunday afternoon nobody loads, by the clock of the campus. */
const LOCAL_HOUR = 14;
/** A Sunday in winter: windows are given in UTC and know no summer time, an hour does not matter here. */
const A_SUNDAY = Date.UTC(2026, 0, 4, 12);

/** Half an hour of a Sunday for a service's own maintenance, as AWS writes it: `Sun:20:00-Sun:20:30`, in UTC. */
export function maintenanceWindow(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' });
  const noonThere = Number(parts.format(A_SUNDAY));
  const day = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(A_SUNDAY);
  const ahead = noonThere - 12 + (day === 'Mon' ? 24 : day === 'Sat' ? -24 : 0);
  const hour = LOCAL_HOUR - ahead;
  const name = hour < 0 ? 'Sat' : hour > 23 ? 'Mon' : 'Sun';
  const two = String((hour + 24) % 24).padStart(2, '0');
  return `${name.toLowerCase()}:${two}:00-${name.toLowerCase()}:${two}:30`;
}
