import { randomBytes } from 'node:crypto';

/** Unique; sorts by time of making: milliseconds, then chance. */
export const newId = (): string => `${Date.now().toString(36).padStart(9, '0')}${randomBytes(8).toString('hex')}`;
