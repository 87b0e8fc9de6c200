import { publicationOf } from '../../pipeline/published.ts';
import type { CommandTools } from '../../ports/feature.ts';
import { readBrought } from '../brought/store.ts';
import { putToUse } from '../train.ts';
import { reportInWords } from './report.ts';
import { asJson, type StudyFlags, studying, studyOf } from './studying.ts';

export interface UseFlags extends StudyFlags {
  readonly contact?: string;
}

/**
 * Studies past terms, puts the models to use, and says how good they are.
 * @param name of a model that was brought. Default: the models are trained here
 */
export async function putStudiedToUse(tools: CommandTools, flags: UseFlags, name?: string): Promise<void> {
  const { found, model, card, sagemaker } = await studying(tools, flags, async (lake) => {
    const brought = name === undefined ? undefined : await readBrought(lake.platform.objects, name);
    const found = await studyOf(lake, flags, brought ? { brought } : {});
    return {
      found,
      ...(await putToUse(lake, found, {
        contact: flags.contact,
        by: lake.session.principal,
        publication: await publicationOf(lake),
      })),
    };
  });
  if (flags.json) return tools.printJson({ model: model.id, card, sagemaker, ...asJson(found) });
  const origin =
    name === undefined ? `, trained on ${model.terms.join(', ')}` : `: ${name}, brought from elsewhere`;
  process.stdout.write(
    `${reportInWords(found)}\n\n${model.id} is in use${origin}.\n  model card  ${card}\n  for AWS     ${sagemaker}\nnext: \`lake run\` writes campus.early_warning_scores; \`lake early-warning list\` shows it\n`,
  );
}
