import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../i18n/setup.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { DraftBoard } from './use-draft.ts';

/** The disposition contradicts the confirmation: one of them is wrong, and only the agent knows which. */
export function WithdrawQuestion({ board }: { readonly board: DraftBoard }) {
  const { t } = useTranslation();
  const { disposition } = board;
  return (
    <Dialog
      opened={board.asksWithdrawal && disposition !== undefined}
      onClose={board.keepConfirmation}
      title={<b>{t('party.withdrawTitle')}</b>}
      centered
    >
      <p>{t('party.withdraw', { disposition: disposition?.label[currentLanguage()] ?? '' })}</p>
      <Group justify="flex-end" mt="md">
        <Button variant="default" data-autofocus onClick={board.keepConfirmation}>
          {t('party.withdrawNo')}
        </Button>
        <Button color="red" loading={board.saving} onClick={() => void board.withdrawAndSave()}>
          {t('party.withdrawYes')}
        </Button>
      </Group>
    </Dialog>
  );
}
