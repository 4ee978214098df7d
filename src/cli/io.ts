/** A place that text goes to. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Colour is wanted here: a terminal, and nobody said no. */
  readonly hasColor: boolean;
}

/** What a command knows of the world around it; the composition root hands it the real one, a test its own. */
export interface Io {
  /** Results. */
  readonly stdout: Output;
  /** Everything else: progress, warnings, failures. */
  readonly stderr: Output;
  /** Asks a person; null where none can be asked, or when the input ended. */
  readonly ask: ((question: string) => Promise<string | null>) | null;
  /** UTC, milliseconds. */
  readonly now: () => number;
  /** The reader's, such as `Europe/Brussels`. */
  readonly timeZone: string;
  /** Calls back at each Ctrl-C, with how many there were; returns what ends that. */
  readonly onInterrupt: (handler: (count: number) => void) => () => void;
  readonly files: {
    write(path: string, text: string): Promise<void>;
    exists(path: string): Promise<boolean>;
  };
}

export const writeJson = (io: Pick<Io, 'stdout'>, value: unknown): void =>
  io.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
