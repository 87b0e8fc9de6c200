import type { Command } from 'commander';
import { publicationOf } from '../../pipeline/published.ts';
import { knownUpTo } from '../../pipeline/table-facts.ts';
import type { CommandFlags, CommandTools } from '../../ports/feature.ts';
import type { Lake, Uses } from '../../ports/step.ts';
import { NEEDED, READS } from '../scores.ts';
import { type Study, type StudyOptions, study } from '../study.ts';
import { capacityOf } from './options.ts';

/** What every command that looks at past terms takes. */
export interface StudyFlags extends CommandFlags {
  readonly test?: string;
  readonly capacity: string;
}

/** Adds them to a command. */
export function withStudyOptions(command: Command, { addOptions }: CommandTools): Command {
  return addOptions(command)
    .option('--test <term>', 'the past term to judge on (default: the newest)')
    .option('--capacity <n>', 'how many can be called: a number, a share such as 20%, or 10/adviser', '20%');
}

/** Works on the lake of the flags, and shows how far it is. */
export const studying = <T>(
  { whileWorking }: CommandTools,
  flags: CommandFlags,
  work: (lake: Lake) => Promise<T>,
): Promise<T> => whileWorking('Learn from past terms', flags, work);

/** The study that the flags ask for. @param more what they do not say */
export async function studyOf(
  lake: Uses<'campus' | 'session' | 'report' | 'signal' | 'clock' | 'objects' | 'ledger' | 'engine'>,
  flags: StudyFlags,
  more: Omit<StudyOptions, 'capacity' | 'test'> = {},
): Promise<Study> {
  const capacity = capacityOf(flags.capacity);
  const publication = await publicationOf(lake);
  const asOf = knownUpTo(publication.facts, [...READS, ...NEEDED]) ?? publication.asOf;
  return study(lake, publication.tables, asOf, {
    capacity,
    test: flags.test,
    ...more,
  });
}

/** The figures without the weights of the models in use, which the model card has. */
export function asJson({ terms, split, capacity, weeks, audit, rolling, withdrawal, beside }: Study) {
  const codes = (several: readonly { readonly code: string }[]) => several.map(({ code }) => code);
  return {
    terms: codes(terms),
    split:
      split.kind === 'later term'
        ? { kind: split.kind, train: codes(split.train), test: split.test.code }
        : { kind: split.kind, term: split.term.code },
    capacity,
    weeks,
    audit,
    rolling,
    withdrawal,
    ...(beside ? { beside } : {}),
  };
}
