/** One step of the schema, forward only. A step that was released is never edited: its checksum is kept with the data. */
export interface Migration {
  /** 1, 2, 3, … without a gap. */
  readonly version: number;
  readonly name: string;
  /** With the tokens of `dialect.ts`; two texts only where the engines must differ. */
  readonly script: string | { readonly sqlite: string; readonly postgres: string };
}
