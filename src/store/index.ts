/** What is kept on this machine. */
export { createApplyJournal } from './apply-journal.js';
