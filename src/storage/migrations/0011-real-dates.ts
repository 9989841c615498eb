import type { Migration } from './migration.ts';

/**
 * Earlier versions accepted promises due on days such as 31 November. Such a promise becomes due on
 * the day after the last day of that month.
 */
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
