import type { Migration } from './migration.ts';

/** A promise due on 31 November, as was taken before, is due on the day after the last of the month. */
export const migration: Migration = {
  number: 11,
  name: 'real-dates',
  breaking: false,
  statements: [
    {
      sqlite: [
        'update promise set due_date = date(due_date) where due_date <> coalesce(date(due_date), due_date)',
      ],
      // No such promise was ever stored there.
      postgres: [],
    },
  ],
};
