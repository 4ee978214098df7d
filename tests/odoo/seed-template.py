"""Fills a new test database: users, keys, chart of accounts. Run by `odoo shell`, which provides `env`.

Placed before this text: `wanted`, a dict with the server's major version, the template's name and the passwords.
Prints one line that starts with SEEDED and goes on with the users as JSON.
"""
import json

Users = env['res.users'].with_context(no_reset_password=True)
groups = 'group_ids' if 'group_ids' in Users._fields else 'groups_id'


def make_user(login, name, group_names):
    values = {'login': login, 'name': name, groups: [(6, 0, [env.ref(name).id for name in group_names])]}
    return Users.create(values)


def make_key(user):
    arguments = ['rpc', 'odoo-steward tests']
    if wanted['major'] >= 18:
        arguments.append(None)
    return env['res.users.apikeys'].with_user(user).sudo()._generate(*arguments)


administration = ['base.group_user', 'base.group_system', 'base.group_partner_manager']
if wanted['template'] == 'account':
    administration.append('account.group_account_manager')

users = {
    'admin': env.ref('base.user_admin'),
    'sync': make_user('sync', 'Steward Sync', administration),
    'plain': make_user('plain', 'Plain User', ['base.group_user']),
    'portal': make_user('portal', 'Portal User', ['base.group_portal']),
}
for login, password in wanted['passwords'].items():
    if password:
        users[login].password = password

if wanted['template'] == 'account':
    company = env.company
    if not company.country_id:
        company.country_id = env.ref('base.us')
    if not env['account.account'].search([], limit=1):
        if wanted['major'] >= 17:
            env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
        else:
            env.ref('l10n_generic_coa.configurable_chart_template').try_loading(company=company)

# The one schedule that would tell the publisher of Odoo about a test database.
notification = env.ref('mail.ir_cron_module_update_notification', raise_if_not_found=False)
if notification:
    notification.active = False

made = {
    login: {'login': login, 'uid': user.id, 'password': wanted['passwords'].get(login), 'apiKey': make_key(user)}
    for login, user in users.items()
}
env.cr.commit()
print('SEEDED ' + json.dumps(made))
