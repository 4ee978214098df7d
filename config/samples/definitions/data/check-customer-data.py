customers = env['res.partner'].search([('is_company', '=', True), ('customer_rank', '>', 0)])
without_email = customers.filtered(lambda partner: not partner.email)

by_tax_number = {}
for partner in customers.filtered('vat'):
    number = partner.vat.replace(' ', '').upper()
    by_tax_number.setdefault(number, []).append(partner.display_name)
twice = {number: names for number, names in by_tax_number.items() if len(names) > 1}

findings = ['%s has no e-mail' % partner.display_name for partner in without_email]
findings += ['%s: %s' % (number, ', '.join(names)) for number, names in sorted(twice.items())]
for finding in findings:
    log(finding, level='warning')

action = {
    'type': 'ir.actions.client',
    'tag': 'display_notification',
    'params': {
        'title': '%s findings in %s customers' % (len(findings), len(customers)),
        'message': '\n'.join(findings[:20]) or 'All is well.',
        'type': 'warning' if findings else 'success',
    },
}
