first_of_month = datetime.date.today().replace(day=1)
last_month = first_of_month - datetime.timedelta(days=1)

for company in model.search([]):
    rows = env['account.move'].search([
        ('company_id', '=', company.id),
        ('move_type', '=', 'out_invoice'),
        ('state', '=', 'posted'),
        ('payment_state', 'in', ('not_paid', 'partial')),
        ('invoice_date', '<', first_of_month),
    ], order='invoice_date, id')
    lines = ['invoice,customer,due,open amount']
    for invoice in rows:
        lines.append('%s,"%s",%s,%.2f' % (
            invoice.name,
            (invoice.partner_id.display_name or '').replace('"', '""'),
            invoice.invoice_date_due or '',
            invoice.amount_residual,
        ))
    name = 'receivables-%s.csv' % last_month.strftime('%Y-%m')
    report = env['ir.attachment'].search([
        ('res_model', '=', 'res.company'), ('res_id', '=', company.id), ('name', '=', name),
    ], limit=1)
    values = {'name': name, 'datas': b64encode('\n'.join(lines).encode()), 'res_model': 'res.company', 'res_id': company.id}
    if report:
        report.write(values)
    else:
        env['ir.attachment'].create(values)
    log('%s: %s open invoices' % (name, len(rows)))
