import module from 'node:module';

// The program is written in TypeScript. A Node that reads it by itself, from 22.18 on, does; for others tsx does.
// What V8 has compiled is kept from one command to the next where Node can.
module.enableCompileCache?.();
if (!process.features.typescript) (await import('tsx/esm/api')).register();
