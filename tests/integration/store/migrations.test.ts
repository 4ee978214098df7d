import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/store/sql/engine.js';
import { migrate } from '../../../src/store/sql/migrate.js';
import { migrations } from '../../../src/store/sql/migrations/index.js';
import { openPostgres } from '../../../src/store/sql/postgres.js';
import { openSqlite } from '../../../src/store/sql/sqlite.js';
import { engineNames, makePlace, type StorePlace } from '../../support/store-engines.js';
import { startWriter } from '../../support/store-process.js';

describe.each(engineNames)('the schema (%s)', (engine) => {
  let place: StorePlace;
  beforeEach(async () => {
    place = await makePlace(engine);
  }, 300_000);
  afterEach(() => place.remove());

  const openEngine = (): Promise<Engine> => {
    const { url, file } = place.options;
    return url === null ? openSqlite({ file, warn: () => undefined }) : Promise.resolve(openPostgres(url));
  };
  const withEngine = async <T>(work: (on: Engine) => Promise<T>): Promise<T> => {
    const opened = await openEngine();
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  };
  const next = { version: migrations.length + 1, name: 'next', script: 'create table extra (id {ID}) {STRICT}' };

  it('is made once, however many processes and connections start at the same time', async () => {
    const writers = ['a', 'b'].map((name) => startWriter(place.options, '1', name));
    const stores = await Promise.all(Array.from({ length: 4 }, () => place.open()));
    await Promise.all(writers.map((writer) => writer.heard(2)));
    for (const writer of writers) writer.signal('SIGKILL');
    await Promise.all(writers.map((writer) => writer.ended));
    await Promise.all(stores.map((store) => store.ping()));
    expect(await place.sql('select version from schema_migration')).toEqual(
      migrations.map(({ version }) => ({ version })),
    );
  });

  it('of a newer program is refused in one sentence, and left as it is', async () => {
    await withEngine((on) => migrate(on, [...migrations, next]));
    await expect(place.open()).rejects.toMatchObject({
      code: 'store_newer',
      message: expect.stringMatching(
        /^The database has schema \d+ and this program knows \d+: start the newer version/,
      ),
    });
    expect(await place.sql('select version from schema_migration')).toHaveLength(migrations.length + 1);
  });

  it('of another build, with the same number and another text, is refused', async () => {
    await withEngine((on) => migrate(on, [...migrations, next]));
    const other = { ...next, script: 'create table other (id {ID}) {STRICT}' };
    await expect(withEngine((on) => migrate(on, [...migrations, other]))).rejects.toMatchObject({
      code: 'store_newer',
    });
  });

  it('keeps nothing of a step that failed, and takes it again later', async () => {
    await (await place.open()).close();
    const broken = { ...next, script: 'create table extra (id {ID}) {STRICT}; create table nonsense nonsense' };
    await expect(withEngine((on) => migrate(on, [...migrations, broken]))).rejects.toThrow();
    await withEngine((on) => migrate(on, [...migrations, next]));
    expect(await place.sql('select count(*) as n from extra')).toEqual([{ n: 0 }]);
  });
});
