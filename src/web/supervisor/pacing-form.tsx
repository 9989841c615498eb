import { Button, NumberInput, SegmentedControl } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SECOND_MS } from '../../lib/time.ts';
import {
  type BoardCampaign,
  LINES_MAX,
  pacingMode,
  REST_BETWEEN_CALLS_MAX_MS,
} from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatSeconds, writtenValue } from '../ui/format.ts';
import styles from './gauge.module.css';
import {
  draftOf,
  fieldsOf,
  type PacingDraft,
  type PacingField,
  readDraft,
  ruleOf,
} from './pacing-draft.ts';
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
  const [draft, setDraft] = useState<PacingDraft>(() => draftOf(campaign));
  const { problems, change } = readDraft(campaign, draft);
  const changes = change !== undefined && Object.keys(change).length > 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!changes || steering.busy) return;
    if (await steering.change(campaign, change)) onClose();
  };
  const modes = pacingMode.options.map((mode) => ({ value: mode, label: words('mode', mode) }));
  const known = modes.some(({ value }) => value === draft.mode);
  const others = known ? [] : [{ value: draft.mode, label: words('mode', draft.mode) }];
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
          value={draft.mode}
          data={[...modes, ...others]}
          onChange={(value) => {
            const mode = pacingMode.safeParse(value);
            if (mode.success) setDraft({ ...draft, mode: mode.data });
          }}
        />
        <p className={styles.small}>{t(`pacing.tune.modeHint.${draft.mode}`)}</p>
        <div className={styles.fields}>
          {fieldsOf(draft.mode).map((field) => (
            <Field
              key={field}
              field={field}
              campaign={campaign}
              draft={draft}
              problem={problems[field]}
              onType={(value) => setDraft({ ...draft, typed: { ...draft.typed, [field]: value } })}
            />
          ))}
        </div>
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

function Field(props: {
  readonly field: PacingField;
  readonly campaign: BoardCampaign;
  readonly draft: PacingDraft;
  readonly problem: ReturnType<typeof readDraft>['problems'][PacingField];
  readonly onType: (value: number | string) => void;
}) {
  const { t } = useTranslation();
  const { field, campaign, problem } = props;
  const rule = ruleOf(field, campaign);
  const range = { min: writtenValue(rule.min), max: writtenValue(rule.max) };
  const forbidden = field === 'cancelAfterRingingMs' && campaign.cancelAfterRingingMinMs === null;
  return (
    <NumberInput
      label={t(`pacing.tune.field.${field}`)}
      description={
        forbidden
          ? t('pacing.tune.cancelForbidden', { clause: campaign.ringAllowed.clause })
          : t(`pacing.tune.hint.${field}`, {
              ...range,
              clause: campaign.ringAllowed.clause,
              linesMax: formatCount(LINES_MAX),
              longest: formatSeconds(REST_BETWEEN_CALLS_MAX_MS),
              shortest: formatSeconds(campaign.cancelAfterRingingMinMs ?? SECOND_MS),
            })
      }
      error={
        problem === 'min-over-max'
          ? t('pacing.tune.minOverMax')
          : problem && t('pacing.tune.between', range)
      }
      disabled={forbidden}
      value={forbidden ? '' : props.draft.typed[field]}
      min={rule.min}
      max={rule.max}
      step={rule.decimals === 0 ? 1 : 0.1}
      decimalScale={rule.decimals}
      decimalSeparator=","
      allowedDecimalSeparators={[',', '.']}
      clampBehavior="none"
      onChange={props.onType}
    />
  );
}
