/** What people write, checked: files in, a DefinitionSet or every mistake out. */
export { checkDefinitions, parseDefinitions } from './parse-definitions.js';
export { renderDefinition } from './render-definition.js';
export type { WrittenDefinition } from './written-definition.js';
export { nearest } from './did-you-mean.js';
export { definitionJsonSchema, stewardJsonSchema } from './json-schema.js';
