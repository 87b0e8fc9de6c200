import fc from 'fast-check';

/**
 * With `PROPERTY_SEED`, properties try the same cases each time: whether a change lands must not depend on what is
 * drawn. Without it, as on a developer's machine and in the nightly workflow, each run tries others.
 */
const seed = process.env.PROPERTY_SEED;
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
