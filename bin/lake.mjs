#!/usr/bin/env node
const compiled = process.features.typescript
  ? undefined
  : await (await import('./program.mjs')).compiled('bin/lake.ts');

if (compiled) await import(compiled);
else {
  await import('./typescript.mjs');
  await import('./lake.ts');
}
