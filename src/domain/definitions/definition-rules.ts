import type { Place, Problem } from '../problem.js';
import type { Definition } from './definition.js';
import { domainMistakes } from './domain-rules.js';
import type { Mistake } from './mistake.js';
import { parameterMistakes } from './parameter-rules.js';
import type { Path, YamlFile } from './read-yaml.js';

/** Rules that need several keys of one definition to be seen together, or that look inside a value. */
const rules: readonly ((definition: Definition) => readonly Mistake[])[] = [
  webhookMistakes,
  (definition) => domainMistakes(definition.trigger?.records?.domain ?? []),
  (definition) => parameterMistakes(definition.trigger?.parameters ?? {}),
];

export function checkDefinition(definition: Definition, yaml: YamlFile): Problem[] {
  const at = (path: Path): Place => yaml.at(path);
  return rules.flatMap((rule) => rule(definition)).map(({ path, ...problem }) => ({ ...problem, at: at(path) }));
}

/** A path or query that only who knows it can guess is a password, and git is no place for it. */
const secretive =
  /hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks|[?&](?:token|key|sig|secret|access_token)=|[A-Za-z0-9_-]{24,}/;

function webhookMistakes({ action: { spec } }: Definition): readonly Mistake[] {
  if (spec.kind !== 'webhook' || !('text' in spec.url)) return [];
  const path = ['action', 'url'];
  const { text } = spec.url;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return [
      {
        severity: 'error',
        code: 'wrong_value',
        message: '`url` is no http(s) address: write https://…, or {secret: NAME}',
        path,
      },
    ];
  }
  if (url.username === '' && url.password === '' && !secretive.test(text)) return [];
  const message = 'This address looks as if it held a secret: keep it in the settings and write {secret: NAME}';
  return [{ severity: 'warning', code: 'secret_in_git', message, path }];
}
