import type { Migration } from './migration.ts';

/**
 * The message to a person for whom no agent was free; earlier campaigns keep the recording that we
 * ship.
 */
export const migration: Migration = {
  number: 6,
  name: 'abandonment-message',
  breaking: false,
  statements: [
    `alter table campaign add column abandonment_message text not null default
      '{"text":"Olá. Ligamos para você e não conseguimos atender agora. Ligaremos novamente. Obrigado."}'`,
  ],
};
