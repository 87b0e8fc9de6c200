#!/usr/bin/env node
import './typescript.mjs';

await import('./lake.ts');
