import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderSource } from '../../../src/git/index.js';
import { removeTempFolders, tempFolder, TempRepository } from './temp-repository.js';

afterAll(removeTempFolders);

describe('folderSource', () => {
  it('reads the definition and code files of a folder, without hidden folders and node_modules', async () => {
    const repository = new TempRepository().write({
      'steward.yaml': 'namespace: acme\n',
      'deep/er/a.py': 'x = 1\n',
      'deep/b.yml': 'id: b\n',
      'notes.md': 'no',
      'node_modules/x/y.yaml': 'no',
      '.venv/z.py': 'no',
    });
    const tree = await folderSource(repository.path).read();
    expect(tree.files.map((file) => file.path)).toEqual(['deep/b.yml', 'deep/er/a.py', 'steward.yaml']);
  });

  it('has no revision outside of git', async () => {
    const folder = tempFolder();
    expect(await folderSource(folder).read()).toEqual({ revision: null, description: folder, files: [] });
  });

  it('has the revision of HEAD while nothing is uncommitted', async () => {
    const repository = new TempRepository().write({ 'defs/a.yaml': '1', 'defs/readme.md': '1', 'other/b.yaml': '1' });
    expect((await folderSource(repository.path).read()).revision).toBeNull();
    const commit = repository.commit();
    const folder = join(repository.path, 'defs');
    const committed = { revision: commit, description: `${folder} at ${commit.slice(0, 7)}` };
    expect(await folderSource(folder).read()).toMatchObject(committed);

    repository.write({ 'other/b.yaml': '2', 'defs/readme.md': '2' });
    expect(await folderSource(folder).read()).toMatchObject(committed);

    repository.write({ 'defs/a.yaml': '2' });
    expect(await folderSource(folder).read()).toMatchObject({
      revision: null,
      description: `${folder} with uncommitted changes`,
    });
  });

  it.each([
    ['is new', { 'new.py': 'x' }, {}],
    ['is ignored by git', { 'made.yaml': 'x' }, { '.gitignore': 'made.yaml\n' }],
    ['is in a folder that git ignores', { 'made/x.yaml': 'x' }, { '.gitignore': 'made/\n' }],
  ])('has no revision when a file %s', async (_what, added, before) => {
    const repository = new TempRepository().write({ 'a.yaml': '1', ...before });
    repository.commit();
    repository.write(added);
    expect((await folderSource(repository.path).read()).revision).toBeNull();
  });

  it('keeps its revision beside folders that are not read', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1', '.gitignore': 'node_modules/\n' });
    const commit = repository.commit();
    repository.write({ 'node_modules/x.yaml': '1', '.cache/y.py': '1' });
    expect((await folderSource(repository.path).read()).revision).toBe(commit);
  });

  it('refuses a link that leaves the folder, and follows one that does not', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'real.py'), 'x = 1');
    symlinkSync('real.py', join(folder, 'alias.py'));
    expect((await folderSource(folder).read()).files).toHaveLength(2);
    symlinkSync('/etc/passwd', join(folder, 'evil.py'));
    await expect(folderSource(folder).read()).rejects.toMatchObject({
      code: 'source_unsafe',
      message: 'evil.py is a link that leaves the definitions folder: put the file itself there',
    });
  });

  it('does not follow links to folders, which may lead round in circles', async () => {
    const folder = tempFolder();
    symlinkSync('.', join(folder, 'loop'));
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'x', 'a.yaml'), '1');
    expect((await folderSource(folder).read()).files.map((file) => file.path)).toEqual(['x/a.yaml']);
  });

  it.each([
    ['source_missing', 'missing', 'cannot be opened'],
    ['source_missing', 'file', 'is a file'],
  ])('says %s for a folder that is %s', async (code, name, words) => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(folderSource(join(folder, name)).read()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });

  it.each([
    ['source_refused', 'a link that leads nowhere', (folder: string) => symlinkSync('nowhere', join(folder, 'a.yaml'))],
    [
      'source_unsafe',
      'a folder with the name of a file',
      (folder: string) => symlinkSync('real.d', join(folder, 'a.yaml')),
    ],
    [
      'source_too_large',
      'a huge file',
      (folder: string) => writeFileSync(join(folder, 'a.yaml'), 'x'.repeat(1024 * 1024 + 1)),
    ],
    [
      'source_unsafe',
      'text that is not UTF-8',
      (folder: string) => writeFileSync(join(folder, 'a.yaml'), Buffer.from([0xc3, 0x28])),
    ],
  ])('says %s for %s', async (code, _what, make) => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'real.d'));
    make(folder);
    await expect(folderSource(folder).read()).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^a\.yaml /),
    });
  });

  it('stops when it is told to', async () => {
    await expect(folderSource(tempFolder()).read(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
