import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours on a terminal only, and not where NO_COLOR (https://no-color.org) or TERM=dumb asks for none. */
export function colours(stream: { readonly isTTY?: boolean } = process.stdout): Colours {
  const wanted = !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return pc.createColors(stream.isTTY === true && wanted);
}
