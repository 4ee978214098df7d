/** What people write, checked: files in, a DefinitionSet or every mistake out. */
export { checkDefinitions, parseDefinitions } from './parse-definitions.js';
export type { ParsedDefinitions } from './parse-definitions.js';
export { renderDefinition } from './render-definition.js';
export type { RenderOptions } from './render-definition.js';
export type { WrittenAction, WrittenDefinition } from './written-definition.js';
export { didYouMean, nearest } from './did-you-mean.js';
export { definitionJsonSchema, stewardJsonSchema } from './json-schema.js';
