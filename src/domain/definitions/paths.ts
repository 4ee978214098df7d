/** A path relative to a file, as a path relative to the root; null when it leaves the root. */
export function resolveFrom(file: string, relative: string): string | null {
  if (relative.startsWith('/')) return null;
  const steps = file.split('/').slice(0, -1);
  for (const step of relative.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return null;
  }
  return steps.join('/');
}

/** `.github/…` and `node_modules/…` hold other tools' files. */
export const isHidden = (path: string): boolean =>
  path.split('/').some((step) => step.startsWith('.') || step === 'node_modules');

/** `*` within a folder, `**` over folders, `?` one character; a folder's name alone means all in it. */
export function globToRegExp(glob: string): RegExp {
  const trimmed = glob.replace(/^\.?\//, '').replace(/\/$/, '');
  const body = trimmed.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '**/') return '(?:.*/)?';
    if (found === '**') return '.*';
    if (found === '*') return '[^/]*';
    return found === '?' ? '[^/]' : `\\${found}`;
  });
  return new RegExp(`^${body}(?:/.*)?$`, 'u');
}
