const compiled = process.features.typescript
  ? undefined
  : await (await import('../program.mjs')).compiled('bin/demo/college-main.ts');

if (compiled) await import(compiled);
else {
  await import('../typescript.mjs');
  await import('./college-main.ts');
}
