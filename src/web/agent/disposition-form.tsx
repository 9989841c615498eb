import { Checkbox, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { bankingDayFrom } from '../../lib/br-holidays.ts';
import { addDays, type IsoDate } from '../../lib/time.ts';
import type { FullPop } from '../../protocol/agent.ts';
import {
  formatHour,
  formatIsoDate,
  formatMoney,
  formatTypedMoney,
  isoDateOf,
} from '../ui/format.ts';
import { parseTypedDate, parseTypedMoney } from '../ui/typed.ts';
import { datePicks } from './date-picks.ts';
import { type Draft, type DraftField, type DraftProblem, isAboveDue } from './draft.ts';
import result from './result.module.css';
import type { DraftBoard } from './use-draft.ts';

/** The form of the chosen disposition, with likely answers one click away. */
export function DispositionFormFields(props: {
  readonly board: DraftBoard;
  readonly draft: Draft;
  readonly pop: FullPop | undefined;
}) {
  switch (props.board.disposition?.form) {
    case 'promise':
      return <PromiseFields {...props} />;
    case 'callback':
      return <CallbackFields {...props} />;
    default:
      return null;
  }
}

function PromiseFields(props: {
  readonly board: DraftBoard;
  readonly draft: Draft;
  readonly pop: FullPop | undefined;
}) {
  const { t } = useTranslation();
  const { board, draft, pop } = props;
  const today = board.today();
  const dates = datePicks(today, board.terms.daysMax, [
    [t('agent.result.promise.today'), today],
    [t('agent.result.promise.tomorrow'), addDays(today, 1)],
    [t('agent.result.promise.fifth'), parseTypedDate('5', today)],
    [t('agent.result.promise.tenth'), parseTypedDate('10', today)],
    [t('agent.result.promise.week'), addDays(today, 7)],
  ]);
  // Without the card only the server knows what is due; it answers when asked to save.
  const isAbove =
    isAboveDue(draft.promiseValue, board.terms) ||
    board.problems.promiseValue === 'value-above-due' ||
    draft.confirmedValue !== '';
  const centavos = parseTypedMoney(draft.promiseValue);
  return (
    <div>
      <div className={result.formRow}>
        <Field
          board={board}
          draft={draft}
          field="promiseValue"
          label={t('agent.result.promise.value')}
          placeholder="0,00"
          tidy={(typed) => {
            const centavos = parseTypedMoney(typed);
            return centavos === undefined ? typed : formatTypedMoney(centavos);
          }}
        />
        <Field
          board={board}
          draft={draft}
          field="promiseDate"
          label={t('agent.result.promise.date')}
          placeholder={t('agent.result.promise.datePlaceholder')}
          tidy={tidyDate(today)}
        />
      </div>
      {isAbove && (
        <Checkbox
          size="sm"
          mt={6}
          checked={parseTypedMoney(draft.confirmedValue) === centavos}
          label={t('agent.result.promise.confirmAboveDue', { value: formatMoney(centavos ?? 0) })}
          onChange={(event) =>
            board.type({ confirmedValue: event.currentTarget.checked ? draft.promiseValue : '' })
          }
        />
      )}
      <div className={result.picks}>
        {valuePicks(pop).map(({ kind, centavos }) => (
          <button
            key={kind}
            type="button"
            onClick={() => board.type({ promiseValue: formatTypedMoney(centavos) })}
          >
            {t(`agent.result.promise.${kind}`)} {formatTypedMoney(centavos)}
          </button>
        ))}
        {dates.map(({ label, date }) => (
          <button
            key={label}
            type="button"
            onClick={() => board.type({ promiseDate: formatIsoDate(date) })}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}

type ValuePick = { readonly kind: 'whole' | 'oldest'; readonly centavos: number };

function valuePicks(pop: FullPop | undefined): readonly ValuePick[] {
  if (!pop || pop.totals.updatedCentavos <= 0) return [];
  const open = pop.contracts
    .flatMap((contract) => contract.instalments)
    .filter((instalment) => instalment.state === 'open')
    .sort((a, b) => a.dueDate.localeCompare(b.dueDate));
  const oldest = open[0];
  return [
    { kind: 'whole', centavos: pop.totals.updatedCentavos },
    ...(oldest && open.length > 1
      ? [{ kind: 'oldest' as const, centavos: oldest.updatedCentavos }]
      : []),
  ];
}

const MINUTE_MS = 60_000;

function CallbackFields(props: { readonly board: DraftBoard; readonly draft: Draft }) {
  const { t } = useTranslation();
  const { board, draft } = props;
  const today = board.today();
  const tomorrow = addDays(today, 1);
  const inMinutes = (minutes: number) => {
    // Rounded up to five minutes: people do not agree on 14:37.
    const at = Math.ceil((board.now() + minutes * MINUTE_MS) / (5 * MINUTE_MS)) * 5 * MINUTE_MS;
    board.type({ callbackDate: formatIsoDate(isoDateOf(at)), callbackHour: formatHour(at) });
  };
  const onTomorrow = (callbackHour: string) =>
    board.type({ callbackDate: formatIsoDate(tomorrow), callbackHour });
  const picks: readonly (readonly [string, () => void])[] = [
    [t('agent.result.callback.halfHour'), () => inMinutes(30)],
    [t('agent.result.callback.hour1'), () => inMinutes(60)],
    [t('agent.result.callback.hours2'), () => inMinutes(120)],
    [t('agent.result.callback.tomorrow9'), () => onTomorrow('09:00')],
    [t('agent.result.callback.tomorrow14'), () => onTomorrow('14:00')],
  ];
  return (
    <div>
      <div className={result.formRow}>
        <Field
          board={board}
          draft={draft}
          field="callbackDate"
          label={t('agent.result.callback.date')}
          placeholder={t('agent.result.promise.datePlaceholder')}
          tidy={tidyDate(today)}
        />
        <Field
          board={board}
          draft={draft}
          field="callbackHour"
          label={t('agent.result.callback.hour')}
          placeholder={t('agent.result.callback.hourPlaceholder')}
        />
      </div>
      <div className={result.picks}>
        {picks.map(([label, run]) => (
          <button key={label} type="button" onClick={run}>
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}

/** A text field that writes out the value in full when it is left. */
function Field(props: {
  readonly board: DraftBoard;
  readonly draft: Draft;
  readonly field: DraftField;
  readonly label: string;
  readonly placeholder: string;
  readonly tidy?: (typed: string) => string;
}) {
  const { t } = useTranslation();
  const { board, draft, field, tidy } = props;
  const problem = board.problems[field];
  const problemWords = (one: DraftProblem) => {
    const date = parseTypedDate(draft.promiseDate, board.today());
    if (one === 'value-above-due' && board.terms.dueCentavos === undefined) {
      return t('agent.result.promise.aboveDueUnknown');
    }
    return t(`agent.result.problem.${one}`, {
      days: board.terms.daysMax,
      due: formatMoney(board.terms.dueCentavos ?? 0),
      next: date === undefined ? '' : formatIsoDate(bankingDayFrom(date)),
    });
  };
  return (
    <TextInput
      label={props.label}
      placeholder={props.placeholder}
      value={draft[field]}
      inputMode="numeric"
      autoComplete="off"
      data-field={field}
      error={problem === undefined ? undefined : problemWords(problem)}
      onChange={(event) => board.type({ [field]: event.currentTarget.value })}
      onBlur={() => tidy && board.type({ [field]: tidy(draft[field]) })}
    />
  );
}

function tidyDate(today: IsoDate): (typed: string) => string {
  return (typed) => {
    const date = parseTypedDate(typed, today);
    return date === undefined ? typed : formatIsoDate(date);
  };
}
