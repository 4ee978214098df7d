/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;

/** Words that an editor, another tool or an older Odoo would have accepted. */
const synonyms: Readonly<Record<string, string>> = {
  tree: 'list',
  cron: 'schedule',
  interval: 'every',
  domain: 'records',
  python: 'code',
  object_write: 'update_record',
  object_create: 'create_record',
  object_copy: 'copy_record',
  mail_post: 'email',
  next_activity: 'activity',
};

/** The nearest of the allowed words, or null when none is near (2 edits, 1 for short words, or a common beginning). */
export function nearest(word: string, allowed: readonly string[]): string | null {
  const lower = word.toLowerCase().replaceAll('-', '_').slice(0, 200);
  const candidates = [...allowed, ...Object.keys(synonyms).filter((word) => allowed.includes(synonyms[word] ?? ''))];
  const limit = lower.length <= 4 ? 1 : 2;
  let best: { word: string; distance: number } | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) > limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { word: candidate, distance };
  }
  if (best !== null) return allowed.includes(best.word) ? best.word : (synonyms[best.word] ?? null);
  if (lower.length < 3) return null;
  const longer = allowed.filter(
    (candidate) => candidate.startsWith(lower) || (candidate.length >= 3 && lower.startsWith(candidate)),
  );
  return longer.length === 1 ? (longer[0] ?? null) : null;
}

/** `did you mean `every`?`, or what is allowed. */
export function didYouMean(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed);
  if (near !== null) return `did you mean \`${near}\`?`;
  if (allowed.length === 0) return 'take it out';
  const shown = allowed.slice(0, 20).map((a) => `\`${a}\``);
  if (allowed.length > shown.length) shown.push('…');
  return allowed.length === 1 ? `write ${shown.join('')}` : `write one of ${shown.join(', ')}`;
}
