import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatHour, formatNear } from './format.ts';
import styles from './parts.module.css';
import { REST_AHEAD_MINUTES, type RestTimeProblem, readRestTime, restIn } from './rest-time.ts';

/**
 * Chooses the beginning of a rest: a typed hour or one of three near ones. Agents and supervisors
 * use it.
 */
export function RestForm(props: {
  /** The server's clock. */
  readonly now: () => number;
  /** Beginning of the rest already planned; null without one. */
  readonly restsAt: number | null;
  readonly onPlan: (at: number) => void;
  readonly onTakeBack: () => void;
}) {
  const { t } = useTranslation();
  const { now, restsAt, onPlan } = props;
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<RestTimeProblem>();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readRestTime(typed, now());
    setProblem(read.problem);
    if (read.problem === undefined) onPlan(read.at);
  };
  return (
    <form className={styles.restForm} onSubmit={submit} noValidate>
      <TextInput
        label={t('common.rest.at')}
        description={t('common.rest.hint')}
        placeholder={t('common.rest.placeholder')}
        error={problem && t(`common.rest.problem.${problem}`)}
        value={typed}
        data-autofocus
        autoFocus
        inputMode="numeric"
        autoComplete="off"
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setProblem(undefined);
        }}
      />
      <div className={styles.restQuick}>
        {REST_AHEAD_MINUTES.map((minutes) => (
          <Button
            key={minutes}
            variant="default"
            title={formatHour(restIn(minutes, now()))}
            onClick={() => onPlan(restIn(minutes, now()))}
          >
            {t('common.rest.in', { minutes })}
          </Button>
        ))}
      </div>
      <Button type="submit">
        {restsAt === null ? t('common.rest.plan') : t('common.rest.move')}
      </Button>
      {restsAt !== null && (
        <Button variant="default" onClick={props.onTakeBack}>
          {t('common.rest.takeBack', { at: formatNear(restsAt, now()) })}
        </Button>
      )}
    </form>
  );
}
