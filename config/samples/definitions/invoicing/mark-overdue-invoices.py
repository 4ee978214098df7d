# On demand: the invoices that somebody chose. At night: all that are overdue.
today = datetime.date.today()
is_overdue = [
    ('move_type', '=', 'out_invoice'),
    ('state', '=', 'posted'),
    ('payment_state', 'in', ('not_paid', 'partial')),
    ('invoice_date_due', '<', today),
]
overdue = records.filtered_domain(is_overdue) if records else model.search(is_overdue)

marked = 0
for invoice in overdue:
    summary = 'Overdue by %s days' % (today - invoice.invoice_date_due).days
    known = invoice.activity_ids.filtered(lambda activity: (activity.summary or '').startswith('Overdue by '))
    if known:
        known.write({'summary': summary})
    else:
        invoice.activity_schedule(
            'mail.mail_activity_data_todo',
            summary=summary,
            user_id=(invoice.invoice_user_id or user).id,
        )
    marked += 1

log('%s overdue invoices marked' % marked)
action = {
    'type': 'ir.actions.client',
    'tag': 'display_notification',
    'params': {'message': '%s overdue invoices marked' % marked, 'type': 'success'},
}
