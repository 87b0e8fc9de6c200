import { expect, it } from 'vitest';
import { accessLog } from '../../src/app/access/access-log.ts';
import { recordShown } from '../../src/early-warning/commands/shown.ts';
import { lakeOf } from '../lake-of.ts';
import { openPipelineLake } from '../pipeline-lake.ts';

it('a list of students that is shown is on record, with whose names are on it', async () => {
  const opened = await openPipelineLake({});
  const { session, platform } = opened.lake;
  const lake = lakeOf({ session, platform: { ...platform, target: 'local' } });
  try {
    await recordShown(lake, ['S1', null], { isScored: true, named: ['F1'] });
    await recordShown(lake, ['S2']);

    const about = async (id: string) =>
      (await accessLog(opened.lake, { student: [id] })).map(({ channel, tables, rows, about: how }) => {
        return { channel, tables, rows, how };
      });
    const scored = ['campus.early_warning_scores', 'campus.students'];
    expect(await about('s1')).toEqual([{ channel: 'early warning', tables: scored, rows: 2, how: 'shown' }]);
    expect(await about('F1')).toMatchObject([{ how: 'named' }]);
    expect(await about('S2')).toEqual([{ channel: 'early warning', tables: [], rows: 1, how: 'shown' }]);
    expect(await about('S3')).toEqual([]);
  } finally {
    await opened.close();
  }
});
