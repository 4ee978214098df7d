/** Timers of this process. */
export { createTimers, type NodeTimersOptions } from './node-timers.js';
