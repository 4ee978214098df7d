import { describe, expect, it } from '@jest/globals';
import { renderLiteral, renderName, returnsRows } from '../../odoo/psql.js';

describe('renderLiteral', () => {
  it('writes values so that none of them ends the literal', () => {
    expect(renderLiteral("O'Brien'; DROP TABLE x; --")).toBe("'O''Brien''; DROP TABLE x; --'");
    expect(renderLiteral(null)).toBe('NULL');
    expect([5, true, 7n].map(renderLiteral)).toEqual(["'5'", "'true'", "'7'"]);
    expect(renderLiteral(new Date(0))).toBe("'1970-01-01T00:00:00.000Z'");
  });
});

describe('renderName', () => {
  it('writes names so that none of them ends the quotes', () => {
    expect(renderName('test"19')).toBe('"test""19"');
  });
});

describe('returnsRows', () => {
  it('tells statements with an answer from those without', () => {
    expect(
      ['SELECT 1', '\n with x as (select 1) select * from x', 'update a set b = 1 returning id'].map(returnsRows),
    ).toEqual([true, true, true]);
    expect(['update a set b = 1', 'DROP DATABASE x'].map(returnsRows)).toEqual([false, false]);
  });
});
