/** Where definitions come from. */
export { folderSource } from './folder-source.js';
export { gitSource } from './git-source.js';
export type { GitSourceOptions } from './git-source.js';
