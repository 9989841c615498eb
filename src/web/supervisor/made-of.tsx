import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BECAUSE_LENGTH_MAX, type BoardCampaign } from '../../protocol/supervisor.ts';
import type { MadeOf } from './use-steering.tsx';

/**
 * What a form tells beside its change: the version of the settings when it was opened, and the reason
 * that is typed into its last field.
 */
export function useMadeOf(campaign: BoardCampaign) {
  const { t } = useTranslation();
  const [madeOn] = useState(campaign.settingVersion);
  const [because, setBecause] = useState('');
  const reason = because.trim();
  const made: MadeOf = { madeOn, ...(reason === '' ? {} : { because: reason }) };
  const field = (
    <TextInput
      label={t('settings.because')}
      placeholder={t('settings.becauseHint')}
      maxLength={BECAUSE_LENGTH_MAX}
      value={because}
      onChange={(event) => setBecause(event.currentTarget.value)}
    />
  );
  return { made, field };
}
