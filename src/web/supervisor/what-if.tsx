import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MINUTE_MS } from '../../lib/time.ts';
import type { BoardCampaign, ChangeCampaignRequest } from '../../protocol/supervisor.ts';
import { type Estimate, type WhatIfView, whatIfView } from '../../protocol/what-if.ts';
import { useWords } from '../i18n/codes.ts';
import { ask } from '../live/http.ts';
import { formatDecimal, formatSeconds, formatShare } from '../ui/format.ts';
import styles from './gauge.module.css';

type Asked = {
  /** The change this answer belongs to; another change needs another estimate. */
  readonly of: string;
  readonly answer: WhatIfView | { readonly problem: string } | undefined;
};

/**
 * Estimates a change before it is made. It is asked for with a button, because it costs a
 * simulation.
 */
export function WhatIf(props: {
  readonly campaign: BoardCampaign;
  /** Undefined while nothing, or nothing valid, is typed. */
  readonly change: ChangeCampaignRequest | undefined;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { campaign } = props;
  const [asked, setAsked] = useState<Asked>();
  const { change } = props;
  const of = JSON.stringify(change);
  const shown = change && asked?.of === of ? asked : undefined;
  const estimate = async () => {
    setAsked({ of, answer: undefined });
    const path = `/api/campaigns/${encodeURIComponent(campaign.id)}/what-if`;
    const answer = await ask('POST', path, whatIfView, change);
    const told = answer.ok ? answer.value : { problem: words('problem', answer.problem.code) };
    setAsked((now) => (now?.of === of ? { of, answer: told } : now));
  };
  return (
    <section className={styles.whatIf} aria-label={t('pacing.whatIf.title')}>
      <Button
        variant="light"
        size="compact-sm"
        disabled={!change}
        loading={shown !== undefined && shown.answer === undefined}
        onClick={() => void estimate()}
      >
        {t('pacing.whatIf.ask')}
      </Button>
      <div role="status">
        {shown && !shown.answer && (
          <span className={styles.small}>{t('pacing.whatIf.asking')}</span>
        )}
        {shown?.answer && <Answer answer={shown.answer} />}
      </div>
    </section>
  );
}

function Answer(props: { readonly answer: NonNullable<Asked['answer']> }) {
  const { t } = useTranslation();
  const { answer } = props;
  if ('problem' in answer) return <span>{answer.problem}</span>;
  if (!answer.ok) return <span>{t(`pacing.whatIf.because.${answer.because}`)}</span>;
  const rows = [
    ['utilisation', (value: number) => formatShare(value, 1, 0)],
    ['abandonment', (value: number) => formatShare(value, 1)],
    ['waitMs', formatSeconds],
    ['conversationsPerHour', (value: number) => formatDecimal(value, 1)],
  ] as const;
  const isShared = answer.others.length > 0;
  return (
    <>
      <table className={styles.estimate}>
        <caption>{t('pacing.whatIf.title')}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('pacing.whatIf.now')}</th>
            <th scope="col">{t('pacing.whatIf.changed')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, format]) => (
            <tr key={name}>
              <th scope="row">
                {t(`pacing.whatIf.${isShared && name === 'abandonment' ? 'ownAbandonment' : name}`)}
              </th>
              <Cell estimate={answer.now[name]} format={format} />
              <Cell estimate={answer.changed[name]} format={format} />
            </tr>
          ))}
        </tbody>
      </table>
      <Others others={answer.others} />
      <Basis answer={answer} />
    </>
  );
}

type Estimated = Extract<WhatIfView, { ok: true }>;

/** Unchanged campaigns whose abandonment the change would affect. */
function Others(props: { readonly others: Estimated['others'] }) {
  const { t } = useTranslation();
  const notable = props.others.filter(({ isNotable }) => isNotable);
  return notable.map(({ campaignId, name, abandonment: { now, changed } }) => (
    <p key={campaignId} className={styles.moved}>
      {changed.middle > now.middle && <IconAlertTriangle size={15} aria-hidden />}
      <span>
        {t('pacing.whatIf.otherMoves', {
          name,
          now: formatShare(now.middle, 1),
          changed: formatShare(changed.middle, 1),
        })}
      </span>
    </p>
  ));
}

/** What was simulated, and what was taken into account. */
function Basis(props: { readonly answer: Estimated }) {
  const { t } = useTranslation();
  const words = useWords();
  const { spans, spanMs, agents, others, basis } = props.answer;
  const { amd, machines, restBetweenCallsMs, restsAhead } = basis;
  const hasRest = restBetweenCallsMs.now > 0 || restBetweenCallsMs.changed > 0;
  return (
    <p className={styles.small}>
      {[
        t('pacing.whatIf.basis', {
          count: spans,
          minutes: formatDecimal(spanMs / MINUTE_MS, 0),
          agents,
        }),
        others.length > 0 &&
          t('pacing.whatIf.beside', { names: others.map(({ name }) => name).join(', ') }),
        amd &&
          machines !== 'left-out' &&
          t(`pacing.whatIf.machines.${machines}`, {
            modes: [...new Set([amd.now, amd.changed])]
              .map((mode) => words('amd', mode))
              .join(' → '),
          }),
        hasRest &&
          t('pacing.whatIf.restBetween', {
            lengths: [...new Set([restBetweenCallsMs.now, restBetweenCallsMs.changed])]
              .map(formatSeconds)
              .join(' → '),
          }),
        restsAhead > 0 && t('pacing.whatIf.restsAhead', { count: restsAhead }),
      ]
        .filter(Boolean)
        .join(' ')}
    </p>
  );
}

function Cell(props: { readonly estimate: Estimate; readonly format: (value: number) => string }) {
  const { t } = useTranslation();
  const { estimate, format } = props;
  return (
    <td>
      <b>≈ {format(estimate.middle)}</b>{' '}
      <small>
        {t('pacing.whatIf.spread', { low: format(estimate.low), high: format(estimate.high) })}
      </small>
    </td>
  );
}
