import { describe, expect, it } from '@jest/globals';
import { inGitsForm, keptHtml } from '../../../src/domain/plan/kept-html.js';
import type { Value, Values } from '../../../src/domain/plan/values.js';
import { actionValues } from '../../support/plan-states.js';

/** Each pair is what Odoo 19 made of the text. */
const kept: readonly (readonly [written: string, kept: string])[] = [
  ['Call back', '<p>Call back</p>'],
  ['Tom & Jerry', '<p>Tom &amp; Jerry</p>'],
  ['a < b > c', '<p>a &lt; b &gt; c</p>'],
  ['1 <2> 3', '<p>1 &lt;2&gt; 3</p>'],
  ['two\nlines\n', '<p>two\nlines\n</p>'],
  ['\n  lead', '<p>lead</p>'],
  ['quotes "x" \'y\'', '<p>quotes "x" \'y\'</p>'],
  ['a\u00a0b', '<p>a&nbsp;b</p>'],
  ['&amp; given', '<p>&amp; given</p>'],
  ['Hello <b>you</b>', '<p>Hello <b>you</b></p>'],
  ['<b>bold</b>', '<b>bold</b>'],
  ['<p>text</p>', '<p>text</p>'],
  ['<p>a & b</p>', '<p>a &amp; b</p>'],
  ['<p class="x">a</p><p>b</p>', '<p class="x">a</p><p>b</p>'],
  ['', ''],
];

const set = (value: Value): Values => actionValues({ set: [{ field: 'comment', to: 'value', value }] });
const live = (value: Value) => ({ values: set(value), htmlFields: ['comment'] });

describe('text in an HTML field', () => {
  it.each(kept)('%j is kept as %j, and that is kept as it is', (written, html) => {
    expect(keptHtml(written)).toBe(html);
    expect(keptHtml(html)).toBe(html);
  });

  it.each(kept.filter(([written]) => written !== ''))('%j in git is what Odoo shows as %j', (written, html) => {
    expect(inGitsForm(live(html), set(written))).toEqual(set(written));
  });

  it('reads as plain text beside plain text of git, and as HTML beside HTML', () => {
    expect(inGitsForm(live('<p>Tom &amp; Jerry</p>'), set('Ada'))).toEqual(set('Tom & Jerry'));
    expect(inGitsForm(live('<p>Tom</p>'), set('<p>Ada</p>'))).toEqual(set('<p>Tom</p>'));
    expect(inGitsForm(live('<p>Tom <b>Jerry</b></p>'), set('Ada'))).toEqual(set('<p>Tom <b>Jerry</b></p>'));
  });

  it('that is gone is no text', () => {
    expect(inGitsForm(live(null), set('Ada'))).toEqual(set(null));
  });
});

describe('text in any other field', () => {
  it('is compared as it stands', () => {
    const text = { values: set('<p>Ada</p>'), htmlFields: [] };
    expect(inGitsForm(text, set('Ada'))).toEqual(set('<p>Ada</p>'));
  });
});
