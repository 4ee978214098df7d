export { createActionRunner } from './action-runner.js';
export { createLiveReader, type LiveReaderOptions } from './reader.js';
export { createLiveWriter, type LiveWriterOptions } from './writer.js';
