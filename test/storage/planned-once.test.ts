/** Statements that SQLite plans once, whatever is bound to them. */
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ParameterKind, POSTGRES, SQLITE } from '../../src/storage/dialect.ts';

const WANTED = `select id from lead where campaign = ? and state = 'ready' and due <= ? order by due`;

describe('a statement of SQLite', () => {
  let db: InstanceType<typeof Sqlite>;

  beforeAll(() => {
    db = new Sqlite(':memory:');
    db.exec(
      'create table lead (id integer primary key, campaign text, state text, due real, done integer)',
    );
    db.exec(`create index lead_due on lead (campaign, due) where state = 'ready'`);
    const insert = db.prepare('insert into lead values (?, ?, ?, ?, 0)');
    for (const [id, campaign, state, due] of [
      [1, '7', 'ready', 10],
      [2, '7', 'ready', 10.5],
      [3, '7', 'ready', 11],
      [4, '7', 'done', 5],
      [5, '8', 'ready', 5],
    ])
      insert.run(id, campaign, state, due);
  });
  afterAll(() => db.close());

  const ids = (statement: string, ...values: unknown[]) =>
    db.prepare(statement).pluck().all(values);

  it('answers the same rows, with whole and with broken numbers, and with text that looks like one', () => {
    const planned = SQLITE.plannedOnce(WANTED, ['text', 'number']);
    expect(planned).not.toBe(WANTED);
    for (const due of [4, 10, 10.5, 10.75, 99]) {
      expect(ids(planned, '7', due)).toEqual(ids(WANTED, '7', due));
    }
    expect(ids(planned, '7', 10.5)).toEqual([1, 2]);
    expect(ids(planned, '8', 10)).toEqual([5]);
  });

  it('seeks in the same index', () => {
    const planOf = (statement: string) =>
      db.prepare(`explain query plan ${statement}`).all('7', 10) as { detail: string }[];
    const planned = planOf(SQLITE.plannedOnce(WANTED, ['text', 'number']));
    expect(planned.map(({ detail }) => detail)).toEqual([
      'SEARCH lead USING COVERING INDEX lead_due (campaign=? AND due<?)',
    ]);
  });

  it('is left as it is where it writes, and a value that may be null is left bare', () => {
    const write = 'update lead set done = ? where id = ?';
    expect(SQLITE.plannedOnce(write, ['number', 'number'])).toBe(write);
    const kinds: readonly ParameterKind[] = ['other', 'number'];
    expect(SQLITE.plannedOnce('select id from lead where campaign is ? and due < ?', kinds)).toBe(
      'select id from lead where campaign is ? and due < cast(? as numeric)',
    );
  });

  it('may hold no question mark of its own', () => {
    expect(() => SQLITE.plannedOnce(`select '?' from lead where id = ?`, ['number'])).toThrow(
      'no question mark in its text',
    );
  });
});

it('is sent to PostgreSQL as it is', () => {
  expect(POSTGRES.plannedOnce(WANTED, ['text', 'number'])).toBe(WANTED);
});
