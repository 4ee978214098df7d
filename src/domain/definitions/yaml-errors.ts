import type { YAMLError } from 'yaml';

/** The library's syntax errors in our words, each with what to do. */
const sentences: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_INDENT: 'The indentation is wrong, or a bracket or quote before it is not closed: line the keys up with spaces',
  BLOCK_AS_IMPLICIT_KEY:
    'A second `:` stands on this line, or the next line is indented too far: put text with a `:` in quotes',
  BAD_DQ_ESCAPE: 'This escape is unknown: use single quotes, or write `\\\\` for a backslash',
  BAD_SCALAR_START: 'Text cannot begin with this character: put it in quotes',
  MISSING_CHAR: 'Something is not closed or lacks its `:`: check quotes, brackets and colons above this place',
  MULTILINE_IMPLICIT_KEY: 'This line has no `:`, or the text above goes on too far: write `key: value`',
  MULTIPLE_DOCS: 'A second document begins here (`---`): one file holds one definition, so split the file',
  TAB_AS_INDENT: 'A tab is used for indentation: use spaces',
  UNEXPECTED_TOKEN: 'This is not expected here: check quotes, brackets and indentation',
  RESOURCE_EXHAUSTION: 'This is nested too deep: flatten it',
  KEY_OVER_1024_CHARS: 'This key is longer than 1024 characters: a `:` may be missing',
};

export function yamlErrorSentence(error: YAMLError): string {
  return (
    sentences[error.code] ?? `This is not valid YAML (${error.message.replace(/\s+/g, ' ').slice(0, 150)}): mend it`
  );
}
