import { serviceTables } from './0001-service-tables.js';
import type { Migration } from './migration.js';

/** In order; a new step is added at the end. */
export const migrations: readonly Migration[] = [serviceTables];
