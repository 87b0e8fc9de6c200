/** One bar of a small chart. */
export interface Bar {
  readonly value: number;
  /** What a person reads of it. */
  readonly title: string;
}

const HEIGHT = 48;
const WIDTH = 6;

/** Bars over time, oldest first; what they say is in a table nearby. @param label one sentence for who does not see it */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <svg
      class="bars"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${Math.max(1, bars.length) * WIDTH} ${HEIGHT}`}
      width={bars.length * WIDTH}
      height={HEIGHT}
    >
      {bars.map(({ value, title }, i) => {
        const height = Math.max(1, (value / most) * HEIGHT);
        return (
          <rect key={title} x={i * WIDTH} y={HEIGHT - height} width={WIDTH - 1.5} height={height}>
            <title>{title}</title>
          </rect>
        );
      })}
    </svg>
  );
}
