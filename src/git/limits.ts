/** What is read from a source at most; what a single file may hold is a matter of the definitions. */
export const sourceLimits = {
  files: 50_000,
  fileBytes: 1024 * 1024,
  totalBytes: 128 * 1024 * 1024,
} as const;

export const isWanted = (path: string): boolean => /\.(?:ya?ml|py)$/.test(path);

/** Other tools' folders: `.git`, `.github`, `.venv`, `node_modules`. */
export const isSkipped = (path: string): boolean =>
  path.split('/').some((step) => step.startsWith('.') || step === 'node_modules' || step === '__pycache__');
