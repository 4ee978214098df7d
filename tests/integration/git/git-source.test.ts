import { afterAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gitSource } from '../../../src/git/index.js';
import type { GitSourceOptions } from '../../../src/git/index.js';
import { removeTempFolders, tempFolder, TempRepository } from './temp-repository.js';

afterAll(removeTempFolders);

const source = (options: Partial<GitSourceOptions> & { url: string }) =>
  gitSource({ ref: 'main', subfolder: '', cacheFolder: tempFolder(), timeoutMs: 20_000, ...options });

const paths = (tree: { files: readonly { path: string }[] }): string[] => tree.files.map((file) => file.path);

describe('gitSource', () => {
  it('reads the definition and code files of a branch, sorted, with the commit as revision', async () => {
    const repository = new TempRepository().write({
      'steward.yaml': 'namespace: acme\n',
      'b/two.py': 'log("é")\n',
      'b/two.yml': 'id: two\n',
      'a/one.yaml': 'id: one\n',
      'README.md': '# no definition\n',
      '.github/workflows/ci.yaml': 'on: push\n',
    });
    const commit = repository.commit();
    const tree = await source({ url: repository.path }).read();
    expect(tree.revision).toBe(commit);
    expect(tree.description).toBe(`main at ${commit.slice(0, 7)} of ${repository.path}`);
    expect(paths(tree)).toEqual(['a/one.yaml', 'b/two.py', 'b/two.yml', 'steward.yaml']);
    expect(tree.files[1]?.text).toBe('log("é")\n');
  });

  it('finds branches, tags, annotated tags, whole and short commits, and the default branch', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    const first = repository.commit();
    repository.git('tag', 'v1');
    repository.git('tag', '-a', 'v1-signed-off', '-m', 'first');
    repository.git('branch', 'feature/x');
    repository.write({ 'a.yaml': '2' });
    const second = repository.commit();
    const cacheFolder = tempFolder();
    const revision = async (ref: string | null) =>
      (await source({ url: repository.path, ref, cacheFolder }).read()).revision;
    expect(await revision('v1')).toBe(first);
    expect(await revision('v1-signed-off')).toBe(first);
    expect(await revision('feature/x')).toBe(first);
    expect(await revision('refs/heads/main')).toBe(second);
    expect(await revision(null)).toBe(second);
    expect(await revision(first)).toBe(first);
    expect(await revision(first.slice(0, 8))).toBe(first);
    expect(await revision('main')).toBe(second);
  });

  it('fetches an old commit into a fresh cache', async () => {
    const repository = new TempRepository().write({ 'a.yaml': 'old' });
    const old = repository.commit();
    repository.write({ 'a.yaml': 'new' }).commit();
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'false');
    const tree = await source({ url: repository.path, ref: old }).read();
    expect(tree.files).toEqual([{ path: 'a.yaml', text: 'old' }]);
  });

  it('follows new commits and a branch that was pushed by force', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    const first = repository.commit();
    const reader = source({ url: repository.path });
    expect((await reader.read()).revision).toBe(first);
    repository.write({ 'a.yaml': '2' }).commit();
    expect((await reader.read()).files).toEqual([{ path: 'a.yaml', text: '2' }]);
    repository.git('reset', '--hard', '--quiet', first);
    repository.write({ 'a.yaml': '3' }).commit();
    expect((await reader.read()).files).toEqual([{ path: 'a.yaml', text: '3' }]);
  });

  it('reads one folder of a repository, and says when it is not there', async () => {
    const repository = new TempRepository().write({
      'odoo/defs/steward.yaml': 'namespace: acme',
      'other.yaml': 'x',
      'odoo/file': 'y',
    });
    repository.commit();
    expect(paths(await source({ url: repository.path, subfolder: 'odoo/defs' }).read())).toEqual(['steward.yaml']);
    expect(paths(await source({ url: repository.path, subfolder: './odoo/defs/' }).read())).toEqual(['steward.yaml']);
    await expect(source({ url: repository.path, subfolder: 'odoo/def' }).read()).rejects.toMatchObject({
      code: 'source_missing',
      message: expect.stringContaining('has no folder odoo/def'),
    });
    await expect(source({ url: repository.path, subfolder: 'odoo/file' }).read()).rejects.toMatchObject({
      code: 'source_missing',
    });
    expect(() => source({ url: repository.path, subfolder: '../x' })).toThrow('leaves the repository');
  });

  it('refuses a definition or code file that is a symbolic link, wherever it leads', async () => {
    for (const target of ['/etc/passwd', 'real.py', '../outside.py']) {
      const repository = new TempRepository().write({ 'real.py': 'x = 1' }).link('evil.py', target);
      repository.commit();
      await expect(source({ url: repository.path }).read()).rejects.toMatchObject({
        code: 'source_unsafe',
        message: 'evil.py is a symbolic link: put the file itself there',
      });
    }
  });

  it('refuses files that are too large or not UTF-8', async () => {
    const large = new TempRepository().write({ 'a.yaml': 'x'.repeat(1024 * 1024 + 1) });
    large.commit();
    await expect(source({ url: large.path }).read()).rejects.toMatchObject({ code: 'source_too_large' });
    const latin = new TempRepository().write({ 'a.py': Buffer.from('log("caf\xe9")', 'latin1') });
    latin.commit();
    await expect(source({ url: latin.path }).read()).rejects.toMatchObject({
      code: 'source_unsafe',
      message: 'a.py is not UTF-8 text: save it as UTF-8',
    });
  });

  it('names the nearest branch when one is missing', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    repository.git('branch', 'production');
    await expect(source({ url: repository.path, ref: 'producton' }).read()).rejects.toMatchObject({
      code: 'revision_unknown',
      message: `${repository.path} has no branch or tag "producton": did you mean "production"?`,
    });
  });

  it('says when a name is both a branch and a tag', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    repository.git('branch', 'v1');
    repository.git('tag', 'v1');
    await expect(source({ url: repository.path, ref: 'v1' }).read()).rejects.toThrow(
      'write refs/heads/v1 or refs/tags/v1',
    );
  });

  it('says when commits are not there', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    for (const ref of ['0'.repeat(40), 'abcdef0']) {
      await expect(source({ url: repository.path, ref }).read()).rejects.toMatchObject({ code: 'revision_unknown' });
    }
    const empty = new TempRepository();
    await expect(source({ url: empty.path }).read()).rejects.toMatchObject({
      code: 'revision_unknown',
      message: `${empty.path} is empty: push a first commit`,
    });
  });

  it('is an error, not stale data, when the repository is gone', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    const reader = source({ url: repository.path });
    await reader.read();
    renameSync(repository.path, `${repository.path}-gone`);
    await expect(reader.read()).rejects.toMatchObject({ code: 'source_missing' });
    renameSync(`${repository.path}-gone`, repository.path);
  });

  it('makes a half-made or damaged copy again', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    const cacheFolder = tempFolder();
    const reader = source({ url: repository.path, cacheFolder });
    await reader.read();
    const copy = join(cacheFolder, readdirSync(cacheFolder).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '');
    const damages: (() => void)[] = [
      () => rmSync(join(copy, 'HEAD')),
      () => rmSync(join(copy, 'objects'), { recursive: true }),
      () => {
        for (const pack of readdirSync(join(copy, 'objects', 'pack')))
          truncateSync(join(copy, 'objects', 'pack', pack), 20);
      },
      () => writeFileSync(join(copy, 'HEAD'), 'garbage'),
      () => writeFileSync(join(copy, 'shallow'), 'garbage'),
    ];
    for (const damage of damages) {
      damage();
      expect((await reader.read()).files).toEqual([{ path: 'a.yaml', text: '1' }]);
    }
  });

  it('lets several read through one cache at once', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    repository.git('branch', 'other');
    repository.write({ 'a.yaml': '2' }).commit();
    const cacheFolder = tempFolder();
    const reads = ['main', 'other', 'main', 'other', 'main'].map((ref) =>
      source({ url: repository.path, ref, cacheFolder }).read(),
    );
    expect((await Promise.all(reads)).map((tree) => tree.files[0]?.text)).toEqual(['2', '1', '2', '1', '2']);
    expect(readdirSync(cacheFolder).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('takes over the lock of a process that died', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    repository.commit();
    const cacheFolder = tempFolder();
    await source({ url: repository.path, cacheFolder }).read();
    const copy = readdirSync(cacheFolder).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '';
    const { hostname } = await import('node:os');
    writeFileSync(join(cacheFolder, `${copy}.lock`), `${hostname()} 99999999 some-id`);
    expect((await source({ url: repository.path, cacheFolder, timeoutMs: 5000 }).read()).files).toHaveLength(1);
  });

  it('runs no hook, and leaves submodules alone', async () => {
    const repository = new TempRepository().write({ 'a.yaml': '1' });
    const commit = repository.commit();
    const cacheFolder = tempFolder();
    await source({ url: repository.path, cacheFolder }).read();
    const copy = join(cacheFolder, readdirSync(cacheFolder).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? '');
    expect(existsSync(join(copy, 'hooks'))).toBe(false);
    const flag = join(cacheFolder, 'hook-ran');
    new TempRepository();
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(copy, 'hooks'));
    for (const hook of ['reference-transaction', 'post-checkout', 'post-merge', 'pre-auto-gc']) {
      writeFileSync(join(copy, 'hooks', hook), `#!/bin/sh\ntouch ${flag}\n`, { mode: 0o755 });
    }
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub.yaml`);
    repository.git('commit', '--quiet', '-m', 'submodule');
    expect(paths(await source({ url: repository.path, cacheFolder }).read())).toEqual(['a.yaml']);
    expect(existsSync(flag)).toBe(false);
  });

  it('refuses addresses and refs that git would take for something else', () => {
    for (const url of [
      'ext::sh -c touch% /tmp/x',
      '--upload-pack=touch /tmp/x',
      'fd::3',
      'ftp://host/x',
      'javascript://x',
      'a\nb',
      '',
      'host',
      '-oProxyCommand=x:y',
    ]) {
      expect(() => source({ url })).toThrow(expect.objectContaining({ code: 'source_unsafe' }));
    }
    for (const ref of ['--upload-pack=x', '-x', 'main~1', 'a..b', 'HEAD@{1}', 'a b', 'main:path', 'x\0y', '']) {
      expect(() => source({ url: '/tmp/none', ref })).toThrow(expect.objectContaining({ code: 'revision_unknown' }));
    }
  });

  it('does not wait longer than it may, and keeps the credential to itself', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const reader = source({ url: `http://robot:s3cr3t%21@127.0.0.1:${port}/x.git?token=abc123`, timeoutMs: 700 });
    const start = Date.now();
    const error = await reader.read().then(
      () => null,
      (e: unknown) => e as Error & { code: string },
    );
    silent.close();
    expect(Date.now() - start).toBeLessThan(5000);
    expect(error?.code).toBe('source_unreachable');
    expect(error?.message).toContain(`http://127.0.0.1:${port}/x.git did not answer within 0.7 s`);
    const everything = `${error?.message ?? ''} ${error?.stack ?? ''} ${JSON.stringify(error)}`;
    for (const secret of ['s3cr3t', 'robot', 'abc123']) expect(everything).not.toContain(secret);
  });

  it('keeps the credential out of the error of a refused connection and out of the cache', async () => {
    const cacheFolder = tempFolder();
    const error = await source({ url: 'http://robot:s3cr3t@127.0.0.1:9/x.git', cacheFolder })
      .read()
      .then(
        () => null,
        (e: unknown) => e as Error,
      );
    expect(error).toMatchObject({ code: 'source_unreachable' });
    expect(`${error?.message ?? ''} ${error?.stack ?? ''}`).not.toContain('s3cr3t');
    const kept = readdirSync(cacheFolder, { recursive: true }).map((name) => join(cacheFolder, String(name)));
    expect(kept.filter((file) => statSync(file).isFile() && readFileSync(file, 'latin1').includes('s3cr3t'))).toEqual(
      [],
    );
  });

  it('stops when it is told to', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    const controller = new AbortController();
    const reading = source({ url: `http://127.0.0.1:${port}/x.git` }).read(controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 200);
    await expect(reading).rejects.toThrow('enough');
    silent.close();
  });
});
