import { NumberInput, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SECOND_MS } from '../../lib/time.ts';
import { campaignSettings } from '../../protocol/settings.ts';
import type { BoardCampaign } from '../../protocol/supervisor.ts';
import { textAt } from '../i18n/text-at.ts';
import { decimalMark, formatCount, formatSeconds, writtenValue } from '../ui/format.ts';
import {
  type DraftProblem,
  type FieldName,
  type FieldRule,
  ruleOf,
  type SettingDraft,
} from './setting-draft.ts';

type FieldProps = {
  readonly name: FieldName;
  readonly campaign: BoardCampaign;
  readonly draft: SettingDraft;
  readonly problem: DraftProblem | undefined;
  readonly onType: (typed: SettingDraft) => void;
  readonly disabled?: boolean;
};

/** One setting of a campaign as a field: a number with its bounds, or a switch. */
export function SettingField(props: FieldProps) {
  useTranslation();
  const { name, draft, onType } = props;
  if (campaignSettings.of(name).kind === 'number') return <NumberField {...props} />;
  return (
    <Switch
      label={textAt(`settings.field.${name}`)}
      description={textAt(`settings.hint.${name}`)}
      checked={draft[name] === true}
      onChange={(event) => onType({ [name]: event.currentTarget.checked })}
    />
  );
}

function NumberField(props: FieldProps) {
  const { t } = useTranslation();
  const { name, campaign, draft, problem, onType } = props;
  const rule = ruleOf(name, campaign);
  const { clause = '', forbidden } = rule;
  const typed = draft[name];
  return (
    <NumberInput
      label={textAt(`settings.field.${name}`)}
      description={
        forbidden
          ? t('settings.forbidden', { clause })
          : textAt(`settings.hint.${name}`, { ...wordsOf(rule), clause })
      }
      error={
        problem === 'min-over-max'
          ? t('settings.minOverMax')
          : problem && t('settings.between', wordsOf(rule))
      }
      disabled={forbidden || props.disabled === true}
      value={forbidden || typeof typed === 'boolean' ? '' : (typed ?? '')}
      min={rule.min}
      max={rule.max}
      step={rule.decimals === 0 ? 1 : 0.1}
      decimalScale={rule.decimals}
      decimalSeparator={decimalMark()}
      allowedDecimalSeparators={[',', '.']}
      clampBehavior="none"
      onChange={(value) => onType({ [name]: value })}
    />
  );
}

/** The bounds as numbers, and as times for a time. */
function wordsOf({ min, max }: FieldRule) {
  return {
    ...{ min: writtenValue(min), max: writtenValue(max) },
    most: formatCount(max),
    shortest: formatSeconds(min * SECOND_MS),
    longest: formatSeconds(max * SECOND_MS),
  };
}
