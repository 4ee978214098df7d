import picocolors from 'picocolors';
import { plainPalette, type Palette } from '../domain/plan/render-palette.js';
import type { Output } from './io.js';

/** Terraform's colours: green comes, yellow changes, red goes. */
export function paletteFor(output: Pick<Output, 'hasColor'>): Palette {
  if (!output.hasColor) return plainPalette;
  const colors = picocolors.createColors(true);
  return {
    add: colors.green,
    change: colors.yellow,
    remove: colors.red,
    adopt: colors.cyan,
    held: colors.magenta,
    bold: colors.bold,
    dim: colors.dim,
    error: (text) => colors.bold(colors.red(text)),
    warning: colors.yellow,
  };
}
