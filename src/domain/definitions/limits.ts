/** What a definitions repository may hold at most. Far above honest use, low enough that a hostile file costs little. */
export const limits = {
  files: 50_000,
  yamlBytes: 1024 * 1024,
  codeBytes: 256 * 1024,
  /** Nesting of mappings and lists in one file. */
  depth: 32,
  /** Uses of an anchor (`*name`) in one file, and all values of a file after they are followed. */
  aliases: 100,
  values: 100_000,
  idLength: 100,
  nameLength: 200,
} as const;
