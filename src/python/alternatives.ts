const errors = 'catch `Exception`, or raise `UserError`';

/** What to write instead of a name that Odoo's server actions do not have. */
const instead: Readonly<Record<string, string>> = {
  print: 'use `log(…)`',
  getattr: "use `record['field']`",
  setattr: "use `record.write({'field': value})`",
  hasattr: "use `'field' in record._fields`",
  type: 'use `isinstance(…)`',
  open: 'read an attachment of `ir.attachment` instead',
  next: 'use a `for` loop, or `[0]` of a list',
  iter: 'use a `for` loop',
  reversed: 'use `[::-1]`',
  frozenset: 'use `set(…)`',
  format: "use `'…'.format(…)` or `'…' % …`",
  pow: 'use `**`',
  hash: 'compare the values themselves',
  id: 'use `record.id`',
  super: 'call the method on the record',
  object: 'use a dictionary',
  eval: 'write the code itself',
  exec: 'write the code itself',
  compile: 'write the code itself',
  vars: 'use `record.read()`',
  dir: 'use `record._fields`',
  globals: 'pass the values to the function',
  locals: 'pass the values to the function',
  callable: 'call it',
  self: 'use `records`, `record` or `model`',
  obj: 'use `record`',
  cr: 'use `env.cr`',
  context: 'use `env.context`',
  pool: 'use `env`',
  fields: 'use `datetime`',
  api: 'take it out',
  models: "use `env['model.name']`",
  _: 'write the text itself',
  timedelta: 'use `datetime.timedelta`',
  date: 'use `datetime.date`',
  relativedelta: 'use `dateutil.relativedelta.relativedelta`',
  pytz: 'use `timezone`',
  base64: 'use `b64encode` and `b64decode`',
  logging: 'use `log(…)`',
  json: 'only databases with the module website have it',
  request: 'only databases with the module website have it',
  re: 'use the methods of text (`split`, `startswith`, `replace`, …)',
  os: 'take it out',
  sys: 'take it out',
  ValidationError: 'raise `UserError`',
  AccessError: errors,
  MissingError: errors,
};

export function alternativeTo(name: string): string | null {
  if (Object.hasOwn(instead, name)) return instead[name] ?? null;
  return /(?:Error|Exception|Exit|Interrupt|Iteration|Warning)$/.test(name) && name !== 'UserError' ? errors : null;
}

const modules: Readonly<Record<string, string>> = {
  datetime: '`datetime` is there already',
  time: '`time` is there already',
  dateutil: '`dateutil` is there already',
  pytz: '`timezone` is there already',
  base64: '`b64encode` and `b64decode` are there already',
  odoo: '`env`, `UserError` and others are there already',
  logging: 'use `log(…)`',
  json: 'put what needs it into a module of Odoo',
  re: 'use the methods of text',
};

export function insteadOfImport(module: string): string {
  const first = module.split('.')[0] ?? '';
  return Object.hasOwn(modules, first)
    ? (modules[first] ?? '')
    : 'use what Odoo gives the code, or put this into a module of Odoo';
}

/** Python's built-in names, to tell "not available in Odoo" from "not defined". */
export const pythonBuiltIns: ReadonlySet<string> = new Set(
  (
    'abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits ' +
    'delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input ' +
    'int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit ' +
    'range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip Ellipsis NotImplemented ' +
    'ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError ' +
    'BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError ' +
    'DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError ' +
    'FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError ' +
    'IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError ' +
    'NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ' +
    'ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning ' +
    'SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ' +
    'UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError'
  ).split(' '),
);
