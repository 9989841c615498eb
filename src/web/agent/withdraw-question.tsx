import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n/setup.ts';
import { Question } from '../ui/dialog.tsx';
import type { DraftBoard } from './use-draft.ts';

/**
 * Asks when the disposition contradicts the confirmation: only the agent knows which one is wrong.
 */
export function WithdrawQuestion({ board }: { readonly board: DraftBoard }) {
  const { t } = useTranslation();
  const { disposition } = board;
  if (!board.asksWithdrawal || disposition === undefined) return null;
  return (
    <Question
      isDangerous
      title={t('party.withdrawTitle')}
      words={t('party.withdraw', { disposition: disposition.label[currentLanguage()] })}
      yes={t('party.withdrawYes')}
      no={t('party.withdrawNo')}
      busy={board.saving}
      onYes={() => void board.withdrawAndSave()}
      onNo={board.keepConfirmation}
    />
  );
}
