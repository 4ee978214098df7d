import type { OdooClient } from '../../src/odoo/index.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface DemoInvoice {
  readonly customer: string;
  /** Days until it is due; negative: overdue. */
  readonly dueIn: number;
  readonly amount: number;
}

const demoInvoices: readonly DemoInvoice[] = [
  { customer: 'Azure Interior', dueIn: -41, amount: 1250 },
  { customer: 'Deco Addict', dueIn: -12, amount: 480 },
  { customer: 'Gemini Furniture', dueIn: -3, amount: 99.5 },
  { customer: 'Ready Mat', dueIn: 20, amount: 730 },
];

/** Posts a few customer invoices, three of them overdue, and returns their record IDs. */
export async function makeInvoices(odoo: OdooClient, now: Date): Promise<number[]> {
  const customers = await odoo.create(
    'res.partner',
    demoInvoices.map(({ customer }) => ({ name: customer, is_company: true, customer_rank: 1 })),
  );
  const invoices = await odoo.create(
    'account.move',
    demoInvoices.map(({ dueIn, amount }, index) => ({
      move_type: 'out_invoice',
      partner_id: customers[index],
      invoice_date: day(now, Math.min(dueIn, 0) - 30),
      invoice_date_due: day(now, dueIn),
      invoice_line_ids: [[0, 0, { name: 'Consulting', quantity: 1, price_unit: amount }]],
    })),
  );
  await odoo.call('account.move', 'action_post', { ids: invoices, effect: 'write' });
  return invoices;
}

export interface InvoiceRow {
  readonly name: string;
  readonly partner_id: readonly [number, string] | null;
  readonly invoice_date_due: string | null;
  readonly amount_residual: number;
  readonly activity_summary: string | null;
}

/** The invoices as somebody sees them in Odoo: whom to call, and the activity that the action left. */
export function readInvoices(odoo: OdooClient, ids: readonly number[]): Promise<InvoiceRow[]> {
  return odoo.read<InvoiceRow & { id: number }>('account.move', ids, [
    'name',
    'partner_id',
    'invoice_date_due',
    'amount_residual',
    'activity_summary',
  ]);
}

const day = (now: Date, offset: number): string => new Date(now.getTime() + offset * DAY_MS).toISOString().slice(0, 10);
