import { Button, Modal } from '@mantine/core';
import { IconClipboardCheck } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardCampaign } from '../../protocol/supervisor.ts';
import styles from './gauge.module.css';
import { useMadeOf } from './made-of.tsx';
import { draftOf, fieldsOf, readDraft, type SettingDraft } from './setting-draft.ts';
import { SettingField } from './setting-field.tsx';
import type { Steering } from './use-steering.tsx';

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
  const [draft, setDraft] = useState<SettingDraft>(() => draftOf(campaign, 'after-call'));
  const { problems, change } = readDraft(campaign, 'after-call', draft);
  const changes = change !== undefined && Object.keys(change).length > 0;
  const { made, field: reason } = useMadeOf(campaign);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!changes || steering.busy) return;
    if (await steering.change(campaign, change, made)) onClose();
  };
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
        {fieldsOf('after-call', campaign.mode).map((name) => (
          <SettingField
            key={name}
            name={name}
            campaign={campaign}
            draft={draft}
            problem={problems[name]}
            disabled={name === 'dispositionWaitMs' && draft.dispositionRequired !== true}
            onType={(typed) => setDraft({ ...draft, ...typed })}
          />
        ))}
        {reason}
        <footer className={styles.foot}>
          <span className={styles.small}>
            {changes || change === undefined
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
