import { readFileSync } from 'node:fs';

export interface DocumentedExample {
  readonly id: string;
  readonly yaml: string;
}

/** docs/definitions.md, and the YAML in it: what the documentation shows has to work as it stands. */
export const definitionsPage = readFileSync(new URL('../../docs/definitions.md', import.meta.url), 'utf8');

const blocks = [...definitionsPage.matchAll(/^```(\S*)(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', mark = '', text = '']) => ({ language, mark: mark.trim(), text }),
);
const yamlBlocks = blocks.filter(({ language }) => language === 'yaml' || language === 'yml');

export const documentedSteward = yamlBlocks.find(({ mark }) => mark === 'steward')?.text ?? '';

export const documentedExamples: readonly DocumentedExample[] = yamlBlocks
  .filter(({ mark }) => mark !== 'steward')
  .map(({ text }) => ({ id: /^id: (.*)$/m.exec(text)?.[1] ?? '', yaml: text }));

/** The examples of these ids as files; every one of them names its code `code.py`. */
export function exampleFiles(...ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    documentedExamples.filter(({ id }) => ids.includes(id)).map(({ id, yaml }) => [`${id}.yaml`, yaml]),
  );
}
