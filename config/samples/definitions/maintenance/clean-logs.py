# ir.logging has no write date; rows are removed in portions, so that one run never takes long.
limit = datetime.datetime.now() - datetime.timedelta(days=90)
old = model.search([('create_date', '<', limit)], order='id', limit=10000)
count = len(old)
old.unlink()
log('%s log rows older than %s removed' % (count, limit.date()))
