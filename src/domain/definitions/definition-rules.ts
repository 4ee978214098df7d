import type { Place, Problem } from '../problem.js';
import type { Definition } from './definition.js';
import type { Path, YamlFile } from './read-yaml.js';

type ReportOne = (severity: 'error' | 'warning', code: string, message: string, at: Place) => void;

/** What needs several keys of one definition to be seen. */
export function checkDefinition(definition: Definition, yaml: YamlFile): Problem[] {
  const problems: Problem[] = [];
  const report: ReportOne = (severity, code, message, at) => problems.push({ severity, code, message, at });
  const at = (path: Path): Place => yaml.at(path);
  checkWebhook(definition, report, at);
  return problems;
}

/** A path or query that only who knows it can guess is a password, and git is no place for it. */
const secretPath =
  /hooks\.slack\.com|discord(?:app)?\.com\/api\/webhooks|[?&](?:token|key|sig|secret|access_token)=|[A-Za-z0-9_-]{24,}/;

function checkWebhook({ action: { spec } }: Definition, report: ReportOne, at: (path: Path) => Place): void {
  if (spec.kind !== 'webhook' || !('text' in spec.url)) return;
  const place = at(['action', 'url']);
  const { text } = spec.url;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    report('error', 'wrong_value', '`url` is no http(s) address: write https://…, or {secret: NAME}', place);
  } else if (url.username !== '' || url.password !== '' || secretPath.test(text)) {
    report(
      'warning',
      'secret_in_git',
      'This address looks as if it carries a secret: keep it in the settings and write {secret: NAME}',
      place,
    );
  }
}
