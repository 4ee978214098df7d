import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutLine, cutMarkdown } from '../../../src/domain/forge/index.js';

describe('cutMarkdown', () => {
  it('leaves alone what fits', () => {
    expect(cutMarkdown('# Plan', 6)).toEqual({ text: '# Plan', isCut: false });
  });

  it('cuts by whole lines, and says so', () => {
    const { text, isCut } = cutMarkdown(`${'one line\n'.repeat(1000)}end`, 1000);
    expect(isCut).toBe(true);
    expect(text).toMatch(
      /^(?:one line\n)+\n_This comment was cut at the 1,000 characters that fit here: .*shows all\._$/,
    );
  });

  it('closes the code block and the folds that it cuts through', () => {
    const long = `<details><summary>code</summary>\n\n\`\`\`\`diff\n\`\`\`\n${'+ x\n'.repeat(1000)}\`\`\`\`\n</details>`;
    const { text } = cutMarkdown(long, 1000);
    expect(text).toMatch(/\+ x\n````\n\n<\/details>\n\n_This comment was cut/);
  });

  it('does not count folds inside of code', () => {
    const { text } = cutMarkdown(`\`\`\`\n<details>\n\`\`\`\n${'text\n'.repeat(1000)}`, 1000);
    expect(text).not.toContain('</details>');
  });

  it('keeps the start of one endless line, without half a character', () => {
    const { text } = cutMarkdown('🧾'.repeat(1000), 1001);
    expect(text).toMatch(/^(?:🧾)+…\n/u);
  });

  it('is never longer than allowed', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('```', '````', '<details>', '</details>', '~~~ x', ''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 300 }), fc.integer({ min: 500, max: 2000 }), (lines, max) => {
        expect(cutMarkdown(lines.join('\n'), max).text.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('cutLine', () => {
  it('makes one line that fits', () => {
    expect(cutLine('2 to create,\n 1 to update', 140)).toBe('2 to create, 1 to update');
    expect(cutLine('abcdef', 4)).toBe('abc…');
    expect(cutLine('a🧾b', 3)).toBe('a…');
  });
});
