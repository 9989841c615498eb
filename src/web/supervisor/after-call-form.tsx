import { Button, Modal, NumberInput, Switch } from '@mantine/core';
import { IconClipboardCheck } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SECOND_MS } from '../../lib/time.ts';
import {
  type BoardCampaign,
  type ChangeCampaignRequest,
  DISPOSITION_WAIT_MAX_MS,
  DISPOSITION_WAIT_MIN_MS,
  PROMISE_DAYS_MAX,
} from '../../protocol/supervisor.ts';
import styles from './gauge.module.css';
import type { Steering } from './use-steering.tsx';

const WAIT = { min: DISPOSITION_WAIT_MIN_MS / SECOND_MS, max: DISPOSITION_WAIT_MAX_MS / SECOND_MS };
const DAYS = { min: 0, max: PROMISE_DAYS_MAX };

type Range = { readonly min: number; readonly max: number };

/** The typed whole number within the range; otherwise undefined. */
function read(typed: number | string, { min, max }: Range): number | undefined {
  const value = Number(typed);
  const isGood = typed !== '' && Number.isInteger(value) && value >= min && value <= max;
  return isGood ? value : undefined;
}

/** What a campaign asks of its agents after a call. */
export function AfterCall(props: {
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        style={{ flex: 'none' }}
        leftSection={<IconClipboardCheck size={15} />}
        onClick={() => setChanging(true)}
      >
        {t('afterCall.settings.open')}
      </Button>
      {changing && <AfterCallForm {...props} onClose={() => setChanging(false)} />}
    </>
  );
}

function AfterCallForm(props: {
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { campaign, steering, onClose } = props;
  const [required, setRequired] = useState(campaign.dispositionRequired);
  const [wait, setWait] = useState<number | string>(campaign.dispositionWaitMs / SECOND_MS);
  const [days, setDays] = useState<number | string>(campaign.promiseDaysMax);
  const waitSeconds = read(wait, WAIT);
  const promiseDaysMax = read(days, DAYS);
  const isGood = waitSeconds !== undefined && promiseDaysMax !== undefined;
  const change: ChangeCampaignRequest = isGood
    ? {
        ...(required === campaign.dispositionRequired ? {} : { dispositionRequired: required }),
        ...(waitSeconds * SECOND_MS === campaign.dispositionWaitMs
          ? {}
          : { dispositionWaitMs: waitSeconds * SECOND_MS }),
        ...(promiseDaysMax === campaign.promiseDaysMax ? {} : { promiseDaysMax }),
      }
    : {};
  const changes = Object.keys(change).length > 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!changes || steering.busy) return;
    if (await steering.change(campaign, change)) onClose();
  };
  const field = { clampBehavior: 'none', allowDecimal: false, allowNegative: false } as const;
  return (
    <Modal
      opened
      onClose={onClose}
      size={460}
      centered
      title={<b>{t('afterCall.settings.title', { name: campaign.name })}</b>}
      closeButtonProps={{ 'aria-label': t('afterCall.settings.close') }}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <Switch
          label={t('afterCall.settings.required')}
          description={t('afterCall.settings.requiredHint')}
          checked={required}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
        <NumberInput
          {...field}
          {...WAIT}
          label={t('afterCall.settings.wait')}
          disabled={!required}
          value={wait}
          error={waitSeconds === undefined && t('afterCall.settings.between', WAIT)}
          onChange={setWait}
        />
        <NumberInput
          {...field}
          {...DAYS}
          label={t('afterCall.settings.promiseDays')}
          value={days}
          error={promiseDaysMax === undefined && t('afterCall.settings.between', DAYS)}
          onChange={setDays}
        />
        <footer className={styles.foot}>
          <span className={styles.small}>
            {changes || !isGood
              ? t('afterCall.settings.effect')
              : t('afterCall.settings.unchanged')}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('afterCall.settings.close')}
          </Button>
          <Button type="submit" disabled={!changes} loading={steering.busy}>
            {t('afterCall.settings.apply')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
