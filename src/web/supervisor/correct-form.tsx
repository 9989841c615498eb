import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bankingDayFrom, isBankingDay } from '../../lib/br-holidays.ts';
import { given } from '../../lib/given.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { UndisposedCalls } from '../../protocol/supervisor.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { formatIsoDate, isoDateOf } from '../ui/format.ts';
import {
  CALLBACK_DAYS_MAX,
  dateProblem,
  localMoment,
  parseTypedDate,
  parseTypedHour,
  parseTypedMoney,
} from '../ui/typed.ts';
import styles from './supervisor.module.css';
import type { Correction, Steering } from './use-steering.tsx';

type Undisposed = UndisposedCalls['calls'][number];

type TypedCorrection = {
  readonly code: string;
  readonly note: string;
  readonly value: string;
  readonly date: string;
  readonly hour: string;
  readonly aboveDue: boolean;
  readonly withdraws: boolean;
};

const NOTHING: TypedCorrection = {
  code: '',
  note: '',
  value: '',
  date: '',
  hour: '',
  aboveDue: false,
  withdraws: false,
};

/** What the agent had typed; a disposition that cannot be chosen is left out. */
function startOf({ draft, dispositions, rightPartyConfirmed }: Undisposed): TypedCorrection {
  if (!draft) return NOTHING;
  const chosen = dispositions.find(({ code }) => code === draft.code);
  const isForbidden = chosen?.needsRightParty === true && !rightPartyConfirmed;
  const { promiseValue, promiseDate, callbackDate, callbackHour } = draft.form;
  return {
    ...NOTHING,
    code: chosen && !isForbidden ? chosen.code : '',
    note: draft.note,
    value: promiseValue,
    date: chosen?.form === 'callback' ? callbackDate : promiseDate,
    hour: callbackHour,
  };
}

/** A supervisor's disposition in the agent's place. The server applies the agent's rules. */
export function CorrectForm(props: {
  readonly call: Undisposed;
  /** The server's clock. */
  readonly now: EpochMs;
  readonly steering: Steering;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const { call, now, steering, onDone } = props;
  const [typed, setTyped] = useState(() => startOf(call));
  const type = (change: Partial<TypedCorrection>) => setTyped({ ...typed, ...change });
  const chosen = call.dispositions.find(({ code }) => code === typed.code);
  const contradicts = call.rightPartyConfirmed && chosen?.isNotRightParty === true;
  const correction = chosen && correctionOf(typed, chosen.form, contradicts, { call, now });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!chosen || !correction) return;
    const label = chosen.label[currentLanguage()];
    if (await steering.correct(call.callId, correction, label)) onDone();
  };
  return (
    <form className={styles.correct} onSubmit={(event) => void submit(event)} noValidate>
      <NativeSelect
        label={t('afterCall.list.choose')}
        value={typed.code}
        autoFocus
        data={[
          { value: '', label: t('afterCall.list.chooseFirst'), disabled: true },
          ...call.dispositions.map(({ code, label, needsRightParty }) => {
            const forbidden = needsRightParty && !call.rightPartyConfirmed;
            const words = label[currentLanguage()];
            return {
              value: code,
              label: forbidden ? `${words} (${t('afterCall.list.needsRightParty')})` : words,
              disabled: forbidden,
            };
          }),
        ]}
        onChange={(event) => type({ code: event.currentTarget.value, withdraws: false })}
      />
      {chosen && (
        <FormFields form={chosen.form} typed={typed} call={call} now={now} onType={type} />
      )}
      {contradicts && (
        <Checkbox
          label={t('afterCall.list.withdraws')}
          checked={typed.withdraws}
          onChange={(event) => type({ withdraws: event.currentTarget.checked })}
        />
      )}
      <TextInput
        label={t('afterCall.list.note')}
        description={call.draft && t('afterCall.list.typedByAgent')}
        value={typed.note}
        maxLength={2_000}
        style={{ flex: 1 }}
        onChange={(event) => type({ note: event.currentTarget.value })}
      />
      <Button type="submit" disabled={!correction} loading={steering.busy}>
        {t('afterCall.list.save')}
      </Button>
    </form>
  );
}

function FormFields(props: {
  readonly form: Undisposed['dispositions'][number]['form'];
  readonly typed: TypedCorrection;
  readonly call: Undisposed;
  readonly now: EpochMs;
  readonly onType: (change: Partial<TypedCorrection>) => void;
}) {
  const { t } = useTranslation();
  const { form, typed, onType } = props;
  if (form === 'none') return null;
  const { date, problem } = readDate(typed.date, form, props);
  const dateError =
    problem !== undefined &&
    problem !== 'date-missing' &&
    t(`agent.result.problem.${problem}`, {
      days: props.call.promiseDaysMax,
      next: date === undefined ? '' : formatIsoDate(bankingDayFrom(date)),
    });
  const dateField = (
    <TextInput
      label={t(form === 'promise' ? 'afterCall.list.date' : 'afterCall.list.callbackDate')}
      placeholder="dd/mm"
      w={130}
      value={typed.date}
      error={dateError}
      onChange={(event) => onType({ date: event.currentTarget.value })}
    />
  );
  if (form === 'callback') {
    const isHour = typed.hour === '' || parseTypedHour(typed.hour) !== undefined;
    return (
      <>
        {dateField}
        <TextInput
          label={t('afterCall.list.callbackHour')}
          placeholder="hh:mm"
          w={90}
          value={typed.hour}
          error={!isHour && t('afterCall.list.badHour')}
          onChange={(event) => onType({ hour: event.currentTarget.value })}
        />
      </>
    );
  }
  const isValue = typed.value === '' || parseTypedMoney(typed.value) !== undefined;
  return (
    <>
      <TextInput
        label={t('afterCall.list.value')}
        placeholder="0,00"
        w={140}
        value={typed.value}
        error={!isValue && t('afterCall.list.badValue')}
        onChange={(event) => onType({ value: event.currentTarget.value, aboveDue: false })}
      />
      {dateField}
      <Checkbox
        label={t('afterCall.list.confirmAboveDue')}
        checked={typed.aboveDue}
        onChange={(event) => onType({ aboveDue: event.currentTarget.checked })}
      />
    </>
  );
}

/** The typed day, and its problem by the rules of the agent's form. */
function readDate(
  typed: string,
  form: 'promise' | 'callback',
  { call, now }: { readonly call: Undisposed; readonly now: EpochMs },
) {
  const today = isoDateOf(now);
  const date = parseTypedDate(typed, today);
  if (form === 'callback') {
    return {
      date,
      problem: dateProblem(typed, date, today, CALLBACK_DAYS_MAX, 'callback-too-far'),
    };
  }
  const problem = dateProblem(typed, date, today, call.promiseDaysMax, 'promise-too-far');
  const isBankless = date !== undefined && !isBankingDay(date);
  return { date, problem: problem ?? (isBankless ? ('no-bank-day' as const) : undefined) };
}

/** The correction to send; undefined while something is missing or wrong. */
function correctionOf(
  { code, note, value, date, hour, aboveDue, withdraws }: TypedCorrection,
  form: Undisposed['dispositions'][number]['form'],
  contradicts: boolean,
  of: { readonly call: Undisposed; readonly now: EpochMs },
): Correction | undefined {
  if (contradicts && !withdraws) return undefined;
  const said = {
    code,
    ...given({ note: note.trim() || undefined }),
    ...(contradicts ? { withdrawsRightParty: true as const } : {}),
  };
  if (form === 'none') return said;
  const { date: day, problem } = readDate(date, form, of);
  if (day === undefined || problem !== undefined) return undefined;
  if (form === 'callback') {
    const minute = parseTypedHour(hour);
    if (minute === undefined) return undefined;
    return { ...said, form: { callbackAt: localMoment(day, minute) } };
  }
  const valueCentavos = parseTypedMoney(value);
  if (valueCentavos === undefined || valueCentavos <= 0) return undefined;
  const confirmed = aboveDue ? { aboveDueConfirmed: true } : {};
  return { ...said, form: { promise: { valueCentavos, dueDate: day, ...confirmed } } };
}
