import { Button, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unreachable } from '../../lib/assert.ts';
import { type Measure, measures } from '../../protocol/measures.ts';
import type { Blocker, Board, BoardCampaign } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import {
  formatCount,
  formatMeasure,
  formatNear,
  formatShare,
  formatTimeOfDay,
} from '../ui/format.ts';
import { Chip, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import { AfterCall } from './after-call-form.tsx';
import { Answering } from './answering.tsx';
import { type WaterfallStep, waterfall } from './board.ts';
import { PacingForm } from './pacing-form.tsx';
import { PacingGauge, PacingStates, PlannedTogether } from './pacing-gauge.tsx';
import { planWords, saysHowMany } from './plan-words.ts';
import styles from './supervisor.module.css';
import type { Steering } from './use-steering.tsx';

export function SelectedCampaign(props: {
  readonly board: Board;
  readonly campaign: BoardCampaign;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const { board, campaign, steering } = props;
  const [tuning, setTuning] = useState(false);
  return (
    <Panel
      title={campaign.name}
      plain
      aside={
        <>
          <AfterCall key={campaign.id} campaign={campaign} steering={steering} />
          <Button
            variant="default"
            size="compact-xs"
            style={{ flex: 'none' }}
            leftSection={<IconAdjustmentsHorizontal size={15} />}
            onClick={() => setTuning(true)}
          >
            {t('pacing.tune.open')}
          </Button>
        </>
      }
    >
      {tuning && (
        <PacingForm campaign={campaign} steering={steering} onClose={() => setTuning(false)} />
      )}
      <SixNumbers campaign={campaign} />
      <Scroll label={campaign.name} className={styles.scroll}>
        <Why board={board} campaign={campaign} />
        <PacingGauge board={board} campaign={campaign} />
        <Answering campaign={campaign} steering={steering} />
        <Waterfall campaign={campaign} now={board.serverNow} />
      </Scroll>
    </Panel>
  );
}

type NumberName = 'talking' | 'free' | 'dialing' | 'answered' | 'rightParty';

/** Six key numbers, each with its numerator, denominator and window. */
function SixNumbers(props: { readonly campaign: BoardCampaign }) {
  const { campaign } = props;
  const { agents, today } = campaign;
  return (
    <dl className={styles.numbers}>
      <NumberTile name="talking" of={agents} />
      <NumberTile name="free" of={agents} />
      <NumberTile name="dialing" of={campaign} />
      <NumberTile name="answered" of={today} />
      <AnswerRateNow campaign={campaign} />
      <NumberTile name="rightParty" of={today} />
    </dl>
  );
}

type CountsOf<Name extends NumberName> =
  (typeof measures)[Name] extends Measure<infer Counts> ? Counts : never;

function NumberTile<Name extends NumberName>(props: {
  readonly name: Name;
  readonly of: CountsOf<Name>;
}) {
  const { t } = useTranslation();
  const { of } = props;
  const name: NumberName = props.name;
  const measure = measures[props.name] as Measure<CountsOf<Name>>;
  const numerator = formatCount(measure.numerator(of));
  const denominator = formatCount(measure.denominator(of));
  const isCount = measure.unit === 'count';
  return (
    <Tooltip label={t(`supervisor.numbers.${name}Hint`, { numerator, denominator })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip's words must be reachable. */}
      <div tabIndex={0}>
        <dt>{t(`supervisor.numbers.${name}`)}</dt>
        <dd>{isCount ? numerator : formatMeasure(measure, of)}</dd>
        <dd className={styles.of}>
          {isCount ? `/ ${denominator}` : `${numerator}/${denominator}`}
        </dd>
      </div>
    </Tooltip>
  );
}

/** The pacer's present estimate, beside the whole day's rate. */
function AnswerRateNow(props: { readonly campaign: BoardCampaign }) {
  const { t } = useTranslation();
  const forecast = props.campaign.plan?.forecast;
  const rate = forecast?.answerRateNow ?? null;
  const setups = formatCount(forecast?.setupsObserved ?? 0);
  return (
    <Tooltip label={t('pacing.answerRateHint', { setups })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip's words must be reachable. */}
      <div tabIndex={0}>
        <dt>{t('pacing.answerRate')}</dt>
        <dd>{rate === null ? '–' : formatShare(rate, 1)}</dd>
        <dd className={styles.of}>{rate === null ? '' : t('pacing.answerRateOf', { setups })}</dd>
      </div>
    </Tooltip>
  );
}

/**
 * Why the campaign dials as it does; always shown, because it is every supervisor's first question.
 */
function Why(props: { readonly board: Board; readonly campaign: BoardCampaign }) {
  const { t } = useTranslation();
  const { board, campaign } = props;
  const { blockers } = campaign;
  const isDialing = blockers.length === 0;
  return (
    <section className={styles.why}>
      <h3>{t(isDialing ? 'supervisor.why.titleDialing' : 'supervisor.why.title')}</h3>
      <div className={styles.states}>
        {isDialing && (
          <Chip tone="good" icon={<IconCircleCheck size={15} />}>
            {t('supervisor.why.dialing')}
          </Chip>
        )}
        <PacingStates board={board} campaign={campaign} />
      </div>
      <ol className={styles.blockers}>
        {blockers.map((blocker) => (
          <li key={blocker.kind}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>
              <BlockerWords blocker={blocker} now={board.serverNow} />
            </span>
          </li>
        ))}
        <li className={styles.dim}>
          <IconInfoCircle size={16} aria-hidden />
          <span>
            <PlanWords campaign={campaign} now={board.serverNow} />{' '}
            <PlannedTogether board={board} campaign={campaign} />
          </span>
        </li>
      </ol>
    </section>
  );
}

function BlockerWords(props: { readonly blocker: Blocker; readonly now: number }) {
  const { t } = useTranslation();
  const { blocker, now } = props;
  switch (blocker.kind) {
    case 'telephony':
      return t('supervisor.why.blocker.telephony', { because: blocker.because ?? '' });
    case 'trunks-suspended':
      return t('supervisor.why.blocker.trunks-suspended', {
        until: formatNear(blocker.until, now),
      });
    case 'no-leads':
      return blocker.nextAt === null
        ? t('supervisor.why.blocker.no-leads')
        : t('supervisor.why.blocker.no-leads-until', { at: formatNear(blocker.nextAt, now) });
    case 'agents-absent':
      return t('supervisor.why.blocker.agents-absent', blocker);
    case 'no-agent-free':
      return t('supervisor.why.blocker.no-agent-free', blocker);
    case 'lines-full':
      return t('supervisor.why.blocker.lines-full', blocker);
    case 'abandonment':
      return t('supervisor.why.blocker.abandonment', blocker);
    case 'store-held-up':
    case 'disk-full':
    case 'stopped':
    case 'paused':
    case 'no-agents':
    case 'lines-zero':
    case 'no-trunk':
      return t(`supervisor.why.blocker.${blocker.kind}`);
    default:
      return unreachable(blocker);
  }
}

function PlanWords(props: { readonly campaign: BoardCampaign; readonly now: number }) {
  const { t } = useTranslation();
  const { plan } = props.campaign;
  if (!plan) return <span>{t('supervisor.why.noPlan')}</span>;
  const at = formatTimeOfDay(plan.at);
  return (
    <span>
      {saysHowMany(plan.because)
        ? t('supervisor.why.planAt', { at })
        : t('supervisor.why.plan', { at, count: plan.placed })}{' '}
      {planWords(plan.because, plan.placed, props.now).replaceAll(' %', '\u00a0%')}
    </span>
  );
}

function Waterfall(props: { readonly campaign: BoardCampaign; readonly now: number }) {
  const { t } = useTranslation();
  const words = useWords();
  const { steps, unexplained } = waterfall(props.campaign);
  const total = Math.max(1, props.campaign.leads.total);
  const label = (step: WaterfallStep) =>
    step.kind === 'held' ? words('hold', step.reason ?? '') : t(`supervisor.why.step.${step.kind}`);
  return (
    <div className={styles.waterfall}>
      <h3>{t('supervisor.why.waterfall')}</h3>
      {steps.map((step) => (
        <div
          key={step.reason ?? step.kind}
          className={styles.step}
          data-step={step.reason ?? step.kind}
        >
          <span className={step.kind === 'due' || step.kind === 'total' ? styles.stepTotal : ''}>
            {label(step)}
            {step.nextAt !== undefined && step.nextAt > 0 && (
              <span className={styles.dim}>
                {' '}
                ({t('supervisor.why.next', { at: formatNear(step.nextAt, props.now) })})
              </span>
            )}
          </span>
          <b>
            {step.kind === 'total' ? '' : step.kind === 'due' ? '= ' : '− '}
            {formatCount(step.leads)}
          </b>
          <div className={styles.stepBar}>
            <div style={{ width: `${Math.min(100, (100 * step.leads) / total)}%` }} />
          </div>
        </div>
      ))}
      {unexplained !== 0 && (
        <Chip tone="bad" icon={<IconAlertTriangle size={15} />}>
          {t('supervisor.why.mismatch', { leads: formatCount(unexplained) })}
        </Chip>
      )}
    </div>
  );
}
