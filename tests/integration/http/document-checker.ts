import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FormatsPlugin } from 'ajv-formats';
import formats from 'ajv-formats';
import type { OpenApiDocument } from '../../../src/http/openapi.js';
import type { Route } from '../../../src/http/route.js';

export interface Answer {
  readonly status: number;
  /** Without parameters. */
  readonly type: string;
  readonly text: string;
}

interface Mounted {
  readonly prefix: string;
  readonly route: Pick<Route, 'method' | 'path'>;
}

interface DocumentedResponse {
  readonly content?: Readonly<Record<string, unknown>>;
}

const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))}`).join('');

/** What is wrong with an answer, by the document; nothing: null. */
export function createDocumentChecker(document: OpenApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as FormatsPlugin)(ajv);
  ajv.addSchema({ ...document, $id: 'document' });

  return ({ prefix, route }: Mounted, answer: Answer): string | null => {
    const path = `${prefix}${route.path}`;
    const operation = document.paths?.[path]?.[route.method];
    if (operation === undefined) return `${path} is not in the document`;
    const responses = operation.responses as Readonly<Record<string, DocumentedResponse>>;
    const status = Object.hasOwn(responses, String(answer.status)) ? String(answer.status) : 'default';
    if (status === 'default' && answer.status < 400) return `${answer.status} is not declared`;
    const content = responses[status]?.content;
    if (content === undefined) return answer.text === '' ? null : 'a body where none is declared';
    if (!Object.hasOwn(content, answer.type)) return `${answer.type} is not declared for ${answer.status}`;
    if (!/json$/.test(answer.type)) return null;
    const at = pointer('paths', path, route.method, 'responses', status, 'content', answer.type, 'schema');
    const validate = ajv.getSchema(`document#${at}`);
    if (validate === undefined) return `${at} is not in the document`;
    return validate(JSON.parse(answer.text)) ? null : ajv.errorsText(validate.errors);
  };
}
