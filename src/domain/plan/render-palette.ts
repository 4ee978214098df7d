/** How the parts of a text are coloured; the renderers know no terminal. */
export interface Palette {
  readonly add: Paint;
  readonly change: Paint;
  readonly remove: Paint;
  readonly adopt: Paint;
  readonly held: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly error: Paint;
  readonly warning: Paint;
}

export type Paint = (text: string) => string;

const same: Paint = (text) => text;

/** No colour at all. */
export const plainPalette: Palette = {
  add: same,
  change: same,
  remove: same,
  adopt: same,
  held: same,
  bold: same,
  dim: same,
  error: same,
  warning: same,
};
