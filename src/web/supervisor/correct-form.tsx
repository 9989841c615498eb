import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isBankingDay } from '../../lib/br-holidays.ts';
import type { UndisposedCalls } from '../../protocol/supervisor.ts';
import { currentLanguage } from '../i18n/setup.ts';
import { isoDateOf } from '../ui/format.ts';
import { localMoment, parseTypedDate, parseTypedHour, parseTypedMoney } from '../ui/typed.ts';
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

/** What a supervisor says of a call in its agent's place; the server holds it to the agent's rules. */
export function CorrectForm(props: {
  readonly call: Undisposed;
  readonly steering: Steering;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const { call, steering, onDone } = props;
  const [typed, setTyped] = useState(NOTHING);
  const type = (change: Partial<TypedCorrection>) => setTyped({ ...typed, ...change });
  const chosen = call.dispositions.find(({ code }) => code === typed.code);
  const contradicts = call.rightPartyConfirmed && chosen?.isNotRightParty === true;
  const correction = chosen && correctionOf(typed, chosen.form, contradicts);
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
      {chosen && <FormFields form={chosen.form} typed={typed} onType={type} />}
      {contradicts && (
        <Checkbox
          label={t('afterCall.list.withdraws')}
          checked={typed.withdraws}
          onChange={(event) => type({ withdraws: event.currentTarget.checked })}
        />
      )}
      <TextInput
        label={t('afterCall.list.note')}
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
  readonly onType: (change: Partial<TypedCorrection>) => void;
}) {
  const { t } = useTranslation();
  const { form, typed, onType } = props;
  if (form === 'none') return null;
  const date = parseTypedDate(typed.date, isoDateOf(Date.now()));
  const dateError =
    typed.date === '' || date !== undefined
      ? form === 'promise' && date !== undefined && !isBankingDay(date)
        ? t('codes.problem.promise-no-bank-day')
        : false
      : t('afterCall.list.badDate');
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

/** What is sent; undefined while something is missing. */
function correctionOf(
  { code, note, value, date, hour, aboveDue, withdraws }: TypedCorrection,
  form: Undisposed['dispositions'][number]['form'],
  contradicts: boolean,
): Correction | undefined {
  if (contradicts && !withdraws) return undefined;
  const said = {
    code,
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(contradicts ? { withdrawsRightParty: true as const } : {}),
  };
  if (form === 'none') return said;
  const day = parseTypedDate(date, isoDateOf(Date.now()));
  if (day === undefined) return undefined;
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
