/** Where definitions come from. */
export { folderSource } from './folder-source.js';
