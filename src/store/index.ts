/** What is kept: by the service, and by applies of the command line. */
export { openStore, type StoreOptions } from './open-store.js';
