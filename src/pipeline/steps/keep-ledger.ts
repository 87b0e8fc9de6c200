import type { Step, Uses } from '../../ports/step.ts';
import { writeLedgerCopy } from '../recovery/ledger-copy.ts';

/** Copies the ledger to where it is copied to the second Region. Nothing to do where versions cannot move. */
export const keepLedger: Step<
  { run: string },
  { files: number },
  Uses<'objects' | 'ledger' | 'engine' | 'clock'>
> = {
  name: 'keep-ledger',
  async run({ run }, { platform: { ledger, objects, clock, engine } }) {
    if (!engine.mover) return { files: 0 };
    const { files } = await writeLedgerCopy({ ledger, objects, clock, mover: engine.mover }, run);
    return { files: files.length };
  },
};
