import { Button, SegmentedControl } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type BoardCampaign, pacingMode } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { Dialog } from '../ui/dialog.tsx';
import styles from './gauge.module.css';
import { useMadeOf } from './made-of.tsx';
import { draftOf, fieldsOf, readDraft, type SettingDraft } from './setting-draft.ts';
import { SettingField } from './setting-field.tsx';
import type { Steering } from './use-steering.tsx';
import { WhatIf } from './what-if.tsx';

/** Form for a campaign's mode and limits; dialing goes on meanwhile. */
export function PacingForm(props: {
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaign, steering, onClose } = props;
  const [draft, setDraft] = useState<SettingDraft>(() => draftOf(campaign, 'pacing'));
  const type = (typed: SettingDraft) => setDraft({ ...draft, ...typed });
  const { problems, change } = readDraft(campaign, 'pacing', draft);
  const mode = draft.mode as BoardCampaign['mode'];
  const changes = change !== undefined && Object.keys(change).length > 0;
  const { made, field: reason } = useMadeOf(campaign);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!changes || steering.busy) return;
    if (await steering.change(campaign, change, made)) onClose();
  };
  const modes = pacingMode.options.map((one) => ({ value: one, label: words('mode', one) }));
  const known = modes.some(({ value }) => value === mode);
  const others = known ? [] : [{ value: mode, label: words('mode', mode) }];
  return (
    <Dialog
      opened
      onClose={onClose}
      size={640}
      centered
      title={<b>{t('pacing.tune.title', { name: campaign.name })}</b>}
    >
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <SegmentedControl
          fullWidth
          aria-label={t('pacing.tune.mode')}
          value={mode}
          data={[...modes, ...others]}
          onChange={(value) => type({ mode: value })}
        />
        <p className={styles.small}>{t(`pacing.tune.modeHint.${mode}`)}</p>
        <div className={styles.fields}>
          {fieldsOf('pacing', mode).map((name) => (
            <SettingField
              key={name}
              name={name}
              campaign={campaign}
              draft={draft}
              problem={problems[name]}
              onType={type}
            />
          ))}
        </div>
        {reason}
        <WhatIf campaign={campaign} change={changes ? change : undefined} />
        <footer className={styles.foot}>
          <span className={styles.small}>
            {changes || change === undefined ? t('pacing.tune.effect') : t('pacing.tune.unchanged')}
          </span>
          <Button variant="default" onClick={onClose}>
            {t('pacing.tune.close')}
          </Button>
          <Button type="submit" disabled={!changes} loading={steering.busy}>
            {t('pacing.tune.apply')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
