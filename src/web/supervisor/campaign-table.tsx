import { ActionIcon, NativeSelect, NumberInput, Tooltip } from '@mantine/core';
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
} from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { measures } from '../../protocol/measures.ts';
import {
  type Board,
  type BoardCampaign,
  type CampaignState,
  pacingMode,
} from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { decimalMark, formatCount, formatMeasure, writtenValue } from '../ui/format.ts';
import type { Tone } from '../ui/palette.ts';
import { Chip, Empty, Panel } from '../ui/parts.tsx';
import { Scroll } from '../ui/scroll.tsx';
import { ruleOf } from './setting-draft.ts';
import styles from './supervisor.module.css';
import type { Steering } from './use-steering.tsx';

type RowProps = { readonly campaign: BoardCampaign; readonly steering: Steering };

export function CampaignTable(props: {
  readonly board: Board;
  readonly selectedId: string | undefined;
  readonly onSelect: (id: string) => void;
  readonly steering: Steering;
}) {
  const { t } = useTranslation();
  const { campaigns } = props.board;
  const heads = [
    ['', ''],
    [t('supervisor.campaigns.state'), ''],
    [t('supervisor.campaigns.name'), ''],
    [t('supervisor.campaigns.mode'), ''],
    [t('supervisor.campaigns.ratio'), ''],
    [t('supervisor.campaigns.linesMax'), ''],
    [t('supervisor.campaigns.agents'), t('supervisor.campaigns.agentsHint')],
    [t('supervisor.campaigns.dialing'), ''],
    [t('supervisor.campaigns.answered'), ''],
    [t('supervisor.campaigns.abandonment'), ''],
    [t('supervisor.campaigns.rightParty'), ''],
    [t('supervisor.campaigns.promises'), ''],
    [t('supervisor.campaigns.due'), ''],
  ] as const;
  return (
    <Panel
      title={t('supervisor.campaigns.title')}
      plain
      style={{ maxHeight: '38vh', minHeight: 110 }}
    >
      {campaigns.length === 0 && <Empty>{t('supervisor.empty')}</Empty>}
      {campaigns.length > 0 && (
        <Scroll label={t('supervisor.campaigns.title')} className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                {heads.map(([head, hint], place) => (
                  <th
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns are fixed.
                    key={place}
                    title={hint}
                    className={place > 6 ? styles.number : undefined}
                  >
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {campaigns.map((campaign) => (
                <tr key={campaign.id} aria-selected={campaign.id === props.selectedId}>
                  <Controls campaign={campaign} steering={props.steering} />
                  <NameCell campaign={campaign} onSelect={props.onSelect} />
                  <Settings campaign={campaign} steering={props.steering} />
                  <Numbers campaign={campaign} />
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Panel>
  );
}

const STATE_TONES: Readonly<Record<CampaignState, Tone>> = {
  running: 'good',
  paused: 'late',
  stopped: 'quiet',
};

function Controls({ campaign, steering }: RowProps) {
  const { t } = useTranslation();
  const words = useWords();
  const buttons = [
    {
      state: 'running',
      label: t('supervisor.campaigns.start'),
      hint: t('supervisor.campaigns.startHint'),
      icon: <IconPlayerPlayFilled size={15} />,
    },
    {
      state: 'paused',
      label: t('supervisor.campaigns.pause'),
      hint: t('supervisor.campaigns.pauseHint'),
      icon: <IconPlayerPauseFilled size={15} />,
    },
    {
      state: 'stopped',
      label: t('supervisor.campaigns.stop'),
      hint: t('supervisor.campaigns.stopHint'),
      icon: <IconPlayerStopFilled size={15} />,
    },
  ] as const;
  return (
    <>
      <td>
        <span className={styles.controls}>
          {buttons.map((button) => (
            <Tooltip key={button.state} label={button.hint}>
              <ActionIcon
                variant="default"
                aria-label={`${button.label}: ${campaign.name}`}
                disabled={campaign.state === button.state || steering.busy}
                onClick={() => void steering.change(campaign, { state: button.state })}
              >
                {button.icon}
              </ActionIcon>
            </Tooltip>
          ))}
        </span>
      </td>
      <td>
        <Chip tone={STATE_TONES[campaign.state]}>{words('campaignState', campaign.state)}</Chip>
      </td>
    </>
  );
}

function NameCell(props: {
  readonly campaign: BoardCampaign;
  readonly onSelect: (id: string) => void;
}) {
  const { campaign } = props;
  return (
    <td className={styles.name}>
      <button type="button" title={campaign.name} onClick={() => props.onSelect(campaign.id)}>
        {campaign.name}
      </button>
      <small>{campaign.creditors.join(' · ')}</small>
    </td>
  );
}

function Settings({ campaign, steering }: RowProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [ratio, lines] = [rangeOf('ratio', campaign), rangeOf('linesMax', campaign)];
  const known = pacingMode.options.some((mode) => mode === campaign.mode);
  return (
    <>
      <td>
        <Tooltip label={t('supervisor.campaigns.modeHint')}>
          <NativeSelect
            w={148}
            aria-label={`${t('supervisor.campaigns.mode')}: ${campaign.name}`}
            value={campaign.mode}
            data={[
              ...pacingMode.options.map((mode) => ({ value: mode, label: words('mode', mode) })),
              ...(known ? [] : [{ value: campaign.mode, label: words('mode', campaign.mode) }]),
            ]}
            onChange={(event) => {
              const mode = pacingMode.safeParse(event.currentTarget.value);
              if (mode.success) void steering.change(campaign, { mode: mode.data });
            }}
          />
        </Tooltip>
      </td>
      <td>
        <NumberCell
          label={`${t('supervisor.campaigns.ratio')}: ${campaign.name}`}
          hint={t('supervisor.campaigns.ratioHint', { min: ratio.min, max: ratio.max })}
          value={campaign.ratio}
          {...ratio}
          disabled={campaign.mode !== 'ratio'}
          onCommit={(value) => steering.change(campaign, { ratio: value })}
        />
      </td>
      <td>
        <NumberCell
          label={`${t('supervisor.campaigns.linesMax')}: ${campaign.name}`}
          hint={t('supervisor.campaigns.linesMaxHint', { max: formatCount(lines.max) })}
          value={campaign.linesMax}
          {...lines}
          disabled={false}
          onCommit={(linesMax) => steering.change(campaign, { linesMax })}
        />
      </td>
    </>
  );
}

function rangeOf(name: 'ratio' | 'linesMax', campaign: BoardCampaign) {
  const { min, max, decimals } = ruleOf(name, campaign);
  return { min, max, decimals };
}

/** Typed into a cell, and the value that stood there when it was begun. */
type CellDraft = { readonly typed: number | string; readonly begunOn: number };

/**
 * A number cell. Enter or leaving the field sends the value; Escape restores the stored one, and so does
 * a refusal. A change by somebody else keeps what is being typed, and is said beside it.
 */
function NumberCell(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly decimals: number;
  readonly disabled: boolean;
  /** Resolves to whether the server accepted it. */
  readonly onCommit: (value: number) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<CellDraft>();
  const [refused, setRefused] = useState(false);
  const sent = useRef<CellDraft>(undefined);
  const keep = (next: CellDraft | undefined) => {
    setDraft(next);
    setRefused(false);
  };
  useEffect(() => {
    // The stored value has changed: a value that was sent has arrived, one being typed stays.
    void props.value;
    setDraft((now) => (now === sent.current ? undefined : now));
  }, [props.value]);
  const range = { min: writtenValue(props.min), max: writtenValue(props.max) };
  const isOvertaken = draft !== undefined && draft.begunOn !== props.value;
  const commit = async () => {
    if (draft === undefined || draft === sent.current) return;
    const value = Number(draft.typed);
    const valid = draft.typed !== '' && value >= props.min && value <= props.max;
    // An invalid text stays in the field with the bound beside it; no other value is sent.
    setRefused(!valid);
    if (!valid) return;
    if (value === props.value) return keep(undefined);
    sent.current = draft;
    const isAccepted = await props.onCommit(value);
    if (!isAccepted) setDraft((now) => (now === sent.current ? undefined : now));
  };
  const said = refused
    ? t('settings.between', range)
    : isOvertaken && draft !== sent.current
      ? t('settings.nowIs', { value: writtenValue(props.value) })
      : undefined;
  return (
    <Tooltip
      label={said ?? props.hint}
      {...(said === undefined ? {} : { opened: true, color: refused ? 'red' : 'orange' })}
    >
      <NumberInput
        w={72}
        error={refused}
        aria-label={props.label}
        value={draft?.typed ?? props.value}
        min={props.min}
        max={props.max}
        step={props.decimals === 0 ? 1 : 0.1}
        decimalScale={props.decimals}
        decimalSeparator={decimalMark()}
        allowedDecimalSeparators={[',', '.']}
        clampBehavior="none"
        disabled={props.disabled}
        onChange={(typed) => {
          // The field also tells a value that it was given.
          if (draft === undefined && typed === props.value) return;
          keep({ typed, begunOn: draft?.begunOn ?? props.value });
        }}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') keep(undefined);
        }}
      />
    </Tooltip>
  );
}

function Numbers(props: { readonly campaign: BoardCampaign }) {
  const { campaign } = props;
  const { agents, today, abandonment } = campaign;
  const { abandoned, answers } = abandonment;
  return (
    <>
      <td>
        {agents.free} · {measures.talking.numerator(agents)} · {agents.wrappingUp} ·{' '}
        {agents.undisposed} · {agents.paused}
      </td>
      <td className={styles.number}>
        {campaign.live.placing + campaign.live.ringing}
        <span className={styles.dim}> / {measures.dialing.numerator(campaign)}</span>
      </td>
      <td className={styles.number} title={`${today.answered} / ${today.attempts}`}>
        {formatMeasure(measures.answered, today, 0)}
      </td>
      <td className={styles.number} title={`${abandoned} / ${answers}`}>
        <span className={abandonment.state === 'ok' ? undefined : styles.alarming}>
          {formatMeasure(measures.abandonment, abandonment)}
        </span>
      </td>
      <td className={styles.number}>{formatCount(today.rightParty)}</td>
      <td className={styles.number}>{formatCount(today.promises)}</td>
      <td className={styles.number}>
        <b>{formatCount(campaign.leads.due)}</b>
      </td>
    </>
  );
}
