import type { Problem } from '../problem.js';
import { toCode } from './code-file.js';
import type { SourceFile } from './definition.js';
import { limits } from './limits.js';
import { globToRegExp, isHidden } from './paths.js';
import { readYaml } from './read-yaml.js';
import type { YamlFile } from './read-yaml.js';
import { checkSchema } from './schema-problems.js';
import { writtenSteward } from './written-steward.js';
import type { WrittenSteward } from './written-steward.js';

export interface CodeFile {
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** The files of a repository, read; the same for every environment. */
export interface Repository {
  /** null: there are mistakes in steward.yaml, which are among the problems. */
  readonly steward: WrittenSteward | null;
  readonly stewardYaml: YamlFile | null;
  readonly definitions: readonly YamlFile[];
  /** Definition files that could not be read: what they hold, and what of the rest they use, is not known. */
  readonly unread: readonly string[];
  readonly code: ReadonlyMap<string, CodeFile>;
  readonly problems: readonly Problem[];
}

const stewardPath = 'steward.yaml';

export function readRepository(files: readonly SourceFile[]): Repository {
  const problems: Problem[] = [];
  const error = (code: string, message: string, file: string): void => {
    problems.push({ severity: 'error', code, message, at: { file, line: 1, column: 1 } });
  };
  const seen = [...files]
    .filter((file) => !isHidden(file.path))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  if (seen.length > limits.files) {
    error(
      'too_many_files',
      `This repository holds ${seen.length} files, more than ${limits.files}: split it`,
      stewardPath,
    );
    return { steward: null, stewardYaml: null, definitions: [], unread: [], code: new Map(), problems };
  }

  const stewardFile = seen.find((file) => file.path === stewardPath);
  let stewardYaml: YamlFile | null = null;
  let steward: WrittenSteward | null = null;
  if (stewardFile === undefined) {
    const other = seen.some((file) => file.path === 'steward.yml')
      ? 'rename steward.yml'
      : 'write one with `namespace: your_company`';
    error('steward_missing', `There is no steward.yaml at the root of the definitions: ${other}`, stewardPath);
  } else {
    const read = readYaml(stewardFile);
    problems.push(...read.problems);
    stewardYaml = read.yaml;
    if (read.yaml !== null) {
      const checked = checkSchema(writtenSteward, read.yaml.value, read.yaml);
      problems.push(...checked.problems);
      steward = checked.written;
    }
  }

  const ignored = ignoredGlobs(stewardYaml).map(globToRegExp);
  // Without a steward.yaml that can be read nobody knows what it ignores: then only what bears an id is a definition.
  const isDefinition = ({ value }: YamlFile): boolean => stewardYaml !== null || 'id' in value;
  const definitions: YamlFile[] = [];
  const unread: string[] = [];
  const code = new Map<string, CodeFile>();
  for (const file of seen) {
    if (file.path === stewardPath || file.path === 'steward.yml' || ignored.some((glob) => glob.test(file.path)))
      continue;
    if (/\/steward\.ya?ml$/.test(file.path)) {
      error(
        'steward_misplaced',
        'steward.yaml stands at the root of the definitions only: move or delete this one',
        file.path,
      );
    } else if (/\.ya?ml$/.test(file.path)) {
      const { yaml, problems: mistakes } = readYaml(file);
      problems.push(...mistakes);
      if (yaml === null) unread.push(file.path);
      else if (isDefinition(yaml)) definitions.push(yaml);
    } else if (file.path.endsWith('.py')) {
      code.set(file.path, toCode(file.path, file.text));
    }
  }
  return { steward, stewardYaml, definitions, unread, code, problems };
}

/** As written, also when the rest of steward.yaml is wrong, so that one mistake does not cause others elsewhere. */
function ignoredGlobs(stewardYaml: YamlFile | null): string[] {
  const ignore = stewardYaml?.value['ignore'];
  return Array.isArray(ignore) ? ignore.filter((glob): glob is string => typeof glob === 'string' && glob !== '') : [];
}
