/** What is known of the Python that a version of Odoo runs on, and of its safe_eval (facts 5.5, and the servers' own sources). */
export interface PythonRules {
  /** Minor versions of Python 3 that this Odoo is run on. */
  readonly python: readonly [lowest: number, highest: number];
  /** What the code finds besides Python's own names. */
  readonly names: ReadonlySet<string>;
  /** Attribute names that safe_eval refuses besides those with two underscores. */
  readonly unsafeNames: ReadonlySet<string>;
  /** f-strings with a placeholder: refused by the builds of 14 that do not know their opcode. */
  readonly fStringsMayFail: boolean;
}

const words = (text: string): string[] => text.split(' ');

const everywhere = words(
  'env model record records user uid time datetime dateutil timezone b64encode b64decode UserError log action',
);

/** The built-in names that safe_eval passes on, the same in 14 and 19. */
const builtIns = words(
  'Exception True False None abs all any bool bytes chr dict divmod enumerate filter float int isinstance len list map max min ' +
    'ord range reduce repr round set sorted str sum tuple unicode xrange zip',
);

const oldUnsafe = words('co_code f_builtins f_globals f_locals func_globals gi_frame');
const newUnsafe = words(
  '_co_code_adaptive ag_await ag_code ag_frame cr_await cr_code cr_frame f_code func_code gi_code gi_yieldfrom mro tb_frame',
);

function pythonOf(major: number): readonly [number, number] {
  if (major <= 14) return [6, 9];
  if (major <= 16) return [7, 11];
  if (major === 17) return [10, 12];
  return [10, 13];
}

/** Of a serie (`19.0`); null: what Odoo 17 and later have in common, which is all that can be said without an instance. */
export function rulesOf(serie: string | null): PythonRules {
  const major = serie === null ? null : Number.parseInt(serie, 10);
  const names = new Set([...builtIns, ...everywhere]);
  if (major === null || major <= 14) names.add('Warning');
  if (major === null || major >= 15) names.add('Command');
  if (major === null || major >= 16) names.add('float_compare').add('_logger');
  return {
    python: major === null ? [10, 13] : pythonOf(major),
    names,
    unsafeNames: new Set(major !== null && major <= 16 ? oldUnsafe : [...oldUnsafe, ...newUnsafe]),
    fStringsMayFail: major !== null && major <= 14,
  };
}

/** What becomes of something that works from Python 3.`minor` on. */
export function sinceOf(minor: number, { python: [lowest, highest] }: PythonRules): 'ok' | 'warning' | 'error' {
  if (lowest >= minor) return 'ok';
  return highest < minor ? 'error' : 'warning';
}
