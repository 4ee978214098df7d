#!/usr/bin/env node
/** The composition root of the service: the same as `odoo-steward serve`. */
import { runProcess } from './run-process.js';

// Each look into the real environment asks the system, and the YAML library looks once for every token: a fifth of the
// time that reading definitions takes. Nothing here sets a variable, so a copy does as well.
process.env = { ...process.env };
await runProcess(['serve', ...process.argv.slice(2)], process.env);
