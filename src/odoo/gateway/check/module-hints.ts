/** Odoo's own modules whose models do not begin with their name. */
const owners: Readonly<Record<string, string>> = {
  'account.analytic': 'analytic',
  'account.asset': 'account_asset',
  discuss: 'mail',
  mailing: 'mass_mailing',
  pos: 'point_of_sale',
  product: 'product',
  'hr.leave': 'hr_holidays',
  'hr.applicant': 'hr_recruitment',
  'hr.expense': 'hr_expense',
  'hr.attendance': 'hr_attendance',
  'hr.contract': 'hr_contract',
  calendar: 'calendar',
  'ir.actions.report': 'base',
  documents: 'documents',
  quality: 'quality_control',
  planning: 'planning',
  'account.payment': 'account',
  'base.automation': 'base_automation',
};

/** Names of modules that a model may come from, likeliest first: `sale.order.line` → sale_order_line, sale_order, sale. */
export function moduleCandidates(model: string): string[] {
  const parts = model.split('.');
  const prefixes = parts.map((_, index) => parts.slice(0, parts.length - index));
  const known = prefixes.flatMap((prefix) => owners[prefix.join('.')] ?? []);
  return [...new Set([...known, ...prefixes.map((prefix) => prefix.join('_'))])];
}

/** `states`: of modules that this server knows. What to do about something that a module would bring. */
export function moduleAdvice(candidates: readonly string[], states: ReadonlyMap<string, string>): string {
  const absent = candidates.find((name) => states.has(name) && !isInstalled(states.get(name)));
  if (absent !== undefined) return `install the module ${absent}, or take this definition out of this environment`;
  const installed = candidates.find((name) => isInstalled(states.get(name)));
  return installed === undefined
    ? 'correct it, or install the module that brings it'
    : `correct it: the module ${installed} is installed and does not have it`;
}

export const isInstalled = (state: string | undefined): boolean =>
  state === 'installed' || state === 'to upgrade' || state === 'to remove';
