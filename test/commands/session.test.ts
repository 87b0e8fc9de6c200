import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { commandSession } from '../../bin/session.ts';

it('a command asks as the user of the operating system', () => {
  const ada = () => ({ ...userInfo(), username: 'ada' });

  expect(commandSession(ada as typeof userInfo)).toMatchObject({ principal: 'ada', role: 'administrator' });
});

it('where the user has no name, it asks by number', () => {
  const nobody = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };

  expect(commandSession(nobody).principal).toBe(`uid ${process.getuid!()}`);
});
