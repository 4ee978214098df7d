/** What is kept: applies of the command line on this machine, and everything that the service keeps. */
export { createApplyJournal } from './apply-journal.js';
export { openStore, type StoreOptions } from './open-store.js';
