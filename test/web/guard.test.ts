import { describe, expect, it } from 'vitest';
import { HOST, openWorkbench } from './workbench.ts';

describe('The link', () => {
  it('lets one browser in, once, with a cookie that scripts and other sites do not get', async () => {
    const { entered, link, ask } = await openWorkbench();
    expect(entered.status).toBe(200);
    expect(entered.headers.get('set-cookie')).toMatch(
      /^lake_workbench_8480=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    // Not by a redirect: a cookie of one site is not sent along one that began at another.
    expect(await entered.text()).toContain('<meta http-equiv="refresh" content="0; url=/">');
    const again = await ask(link);
    expect(again.status).toBe(401);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).toContain('press Enter in its terminal');
  });

  it('is another one each time, and no other text is one', async () => {
    const { ask, newLink } = await openWorkbench();
    expect(newLink()).not.toBe(newLink());
    for (const path of ['/enter', '/enter?token=', '/enter?token=x'])
      expect((await ask(path)).status).toBe(401);
  });
});

describe('Without a cookie', () => {
  it('nothing is shown', async () => {
    const { ask } = await openWorkbench();
    for (const path of [
      '/',
      '/api/now',
      '/api/openapi.json',
      '/api/events',
      '/assets/main-A.js',
      '/students',
    ])
      for (const cookie of ['', 'lake_workbench_8480=x', 'lake_workbench_8481=x'])
        expect([path, cookie, (await ask(path, { headers: { cookie } })).status]).toEqual([
          path,
          cookie,
          401,
        ]);
  });
});

describe('Another host', () => {
  it('is not this server, with a cookie or without', async () => {
    const { ask, link, newLink } = await openWorkbench();
    for (const host of [
      'evil.example:8480',
      '127.0.0.1:8481',
      '127.0.0.1',
      'localhost.evil.example:8480',
      '',
    ])
      for (const path of ['/', '/api/now', link, newLink()])
        expect([host, (await ask(path, { headers: { host } })).status]).toEqual([host, 421]);
    expect((await ask('/', { headers: { host: 'localhost:8480' } })).status).toBe(200);
  });
});

describe('Another origin', () => {
  it('changes nothing and reads nothing', async () => {
    const { ask } = await openWorkbench();
    const body = { sql: 'SELECT 1' };
    for (const origin of ['https://evil.example', 'null', `https://${HOST}`, 'http://127.0.0.1:8481', '']) {
      const headers = { origin };
      expect([origin, (await ask('/api/answers', { method: 'POST', body, headers })).status]).toEqual([
        origin,
        403,
      ]);
      expect((await ask('/api/answers/x', { method: 'DELETE', headers })).status).toBe(403);
    }
    expect((await ask('/api/openapi.json', { headers: { origin: 'https://evil.example' } })).status).toBe(
      403,
    );
    for (const site of ['cross-site', 'same-site'])
      expect((await ask('/api/openapi.json', { headers: { 'sec-fetch-site': site } })).status).toBe(403);
    expect((await ask('/api/openapi.json', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(
      200,
    );
  });
});

describe('Every answer', () => {
  it('is under a policy that lets no foreign script, frame or connection in', async () => {
    const { ask } = await openWorkbench();
    for (const path of ['/', '/api/nothing', '/assets/main-A.js', '/assets/none.js', '/enter']) {
      const { headers } = await ask(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|http/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('has no script within the page', async () => {
    const { ask } = await openWorkbench();
    const page = await (await ask('/datasets/campus.students')).text();
    expect(page).toContain('<script type="module" src="/assets/main-A.js"></script>');
    expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
  });

  it('serves no file but those of the page', async () => {
    const { ask } = await openWorkbench();
    expect((await ask('/assets/main-A.js')).headers.get('cache-control')).toContain('immutable');
    for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/package.json'])
      expect((await ask(path)).status).toBe(404);
    expect(await (await ask('/../package.json')).text()).toContain('<div id="page">');
  });

  it('says of what nobody has foreseen only that it happened', async () => {
    const { json } = await openWorkbench(() => Promise.reject(new Error('the row of Ana')));
    const { status, body } = await json('/api/now');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('Ana');
    expect(body.error.message).not.toBe('');
  });
});
