import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { campaignSettings } from '../../protocol/settings.ts';
import {
  type BoardAgent,
  type BoardCampaign,
  type ChangeCampaignRequest,
  type correctDispositionRequest,
  settingVersionsView,
  type UnwantedPhones,
} from '../../protocol/supervisor.ts';
import { actorWords } from '../i18n/actor-words.ts';
import { changeValueWords } from '../i18n/change-words.ts';
import { refusalCodeOf, useWords, wordsFor } from '../i18n/codes.ts';
import { textAt } from '../i18n/text-at.ts';
import { type Answer, anything, ask } from '../live/http.ts';
import { formatNear } from '../ui/format.ts';
import { NoticeBar } from '../ui/parts.tsx';

/** A supervisor's actions, each of which can be undone for ten seconds. */
export type Steering = {
  readonly notice: SteeringWords | undefined;
  readonly busy: boolean;
  /** Resolves to whether the server accepted it. */
  change(campaign: BoardCampaign, change: ChangeCampaignRequest, made?: MadeOf): Promise<boolean>;
  assign(campaignId: string, agentId: string, assigned: boolean): Promise<void>;
  supervise(agentId: string, action: 'pause' | 'sign-out'): Promise<void>;
  /** Plans an agent's rest from this moment; null cancels it. */
  planRest(agent: BoardAgent, at: number | null): Promise<boolean>;
  /** Takes back a request that has not begun. */
  takeBack(agentId: string, what: 'pause' | 'sign-out'): Promise<void>;
  /** Records a missing disposition; `label` is its name on the screen. */
  correct(callId: string, correction: Correction, label: string): Promise<boolean>;
  giveBack(callId: string, agentName: string): Promise<boolean>;
  /** Decides about a telephone that refused us, or about a request to release it; says why. */
  review(phone: UnwantedPhone, review: Review, because: string): Promise<boolean>;
  /** Withdraws one's own request to release it. */
  review(phone: UnwantedPhone, review: 'withdraw'): Promise<boolean>;
  undo(): Promise<void>;
  dismiss(): void;
};

/** The version of the settings that a change was made on, and why it was made. */
export type MadeOf = { readonly madeOn: number; readonly because?: string };

/**
 * `lift` allows calling the telephone again; `keep` leaves it blocked; `ask-lift` asks a second person to
 * allow it, who answers `approve` or `refuse`.
 */
export type Review = 'lift' | 'keep' | 'ask-lift' | 'approve' | 'refuse';

type UnwantedPhone = UnwantedPhones['phones'][number];

export type Correction = z.input<typeof correctDispositionRequest>;

export type SteeringWords = {
  readonly at: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly back?: { readonly ask: () => Promise<Answer<unknown>>; readonly text: string };
};

const UNDO_FOR_MS = 10_000;

/** Asks the server for something, and says what came of it. */
function useNotices() {
  const words = useWords();
  const [notice, setNotice] = useState<SteeringWords>();
  const [busy, setBusy] = useState(false);
  const run = async (
    doing: Promise<Answer<unknown>>,
    { refusedWith, ...done }: Omit<SteeringWords, 'at' | 'tone'> & RefusedWith,
  ) => {
    setBusy(true);
    const answer = await doing;
    setBusy(false);
    const at = Date.now();
    if (answer.ok) setNotice({ at, tone: 'good', ...done });
    else {
      const code = refusalCodeOf(answer.problem);
      const text = (await refusedWith?.(code)) ?? words('problem', code);
      setNotice({ at, tone: 'bad', text });
    }
    return answer.ok;
  };
  return { notice, busy, run, dismiss: () => setNotice(undefined) };
}

export function useSteering(): Steering {
  const { t } = useTranslation();
  const { notice, busy, run, dismiss } = useNotices();
  /** The newest version of each campaign's settings that was made from this page. */
  const own = useRef(new Map<string, Promise<number>>());
  const rest = (agentId: string, at: number | null) => ofAgent(agentId, 'rest', { at });
  return {
    notice,
    busy,
    async change(campaign, change, typedOn) {
      const back = backOf(campaign, change);
      const text = t('supervisor.campaigns.changed', {
        name: campaign.name,
        changes: differenceWords(campaign, change),
      });
      // One after the other: of two cells typed at once, the second is made on what the first one made.
      const turn = (own.current.get(campaign.id) ?? Promise.resolve(0)).then(async (madeByUs) => {
        const made = typedOn ?? { madeOn: Math.max(campaign.settingVersion, madeByUs) };
        const isAccepted = await run(patch(campaign, change, made), {
          text,
          back: {
            // Each change makes one version: a later one of somebody else is not undone with it.
            ask: () => patch(campaign, back, { madeOn: made.madeOn + 1 }),
            text: t('supervisor.campaigns.undone', { name: campaign.name }),
          },
          refusedWith: (code) =>
            code === 'settings-stale' ? overtakenBy(campaign, made.madeOn) : undefined,
        });
        return { isAccepted, version: isAccepted ? made.madeOn + 1 : madeByUs };
      });
      own.current.set(
        campaign.id,
        turn.then(({ version }) => version),
      );
      return (await turn).isAccepted;
    },
    async assign(campaignId, agentId, assigned) {
      const path = `/api/campaigns/${encodeURIComponent(campaignId)}/agents/${encodeURIComponent(agentId)}`;
      const doing = ask(assigned ? 'PUT' : 'DELETE', path, anything);
      await run(doing, { text: t('supervisor.done') });
    },
    async supervise(agentId, action) {
      await run(ofAgent(agentId, action), { text: t('supervisor.done') });
    },
    planRest(agent, at) {
      const { name } = agent;
      const before = agent.shift?.restsAt ?? null;
      return run(rest(agent.id, at), {
        text:
          at === null
            ? t('supervisor.agents.restTakenBack', { name })
            : t('supervisor.agents.restPlannedFor', { name, at: formatNear(at, Date.now()) }),
        back: {
          ask: () => rest(agent.id, before),
          text: t('supervisor.campaigns.undone', { name }),
        },
      });
    },
    async takeBack(agentId, what) {
      await run(ofAgent(agentId, 'take-back', { what }), { text: t('supervisor.done') });
    },
    correct: (callId, correction, label) =>
      run(ofCall(callId, 'disposition', correction), {
        text: t('afterCall.list.corrected', { label }),
      }),
    giveBack: (callId, name) =>
      run(ofCall(callId, 'give-back'), { text: t('afterCall.list.given', { name }) }),
    review(unwanted: UnwantedPhone, review: Review | 'withdraw', because?: string) {
      const text = t(`unwanted.done.${review}`, { phone: unwanted.phone });
      const body = because === undefined ? undefined : { because };
      return run(ask('POST', reviewPath(unwanted, review), anything, body), { text });
    },
    async undo() {
      const back = notice?.back;
      if (back) await run(back.ask(), { text: back.text });
    },
    dismiss,
  };
}

/** Words for a refusal that say more than its code does; undefined where there are none. */
type RefusedWith = {
  readonly refusedWith?: (code: string) => Promise<string | undefined> | undefined;
};

const VERSIONS_SAID_MAX = 3;

/** Who changed what of a campaign since this version; undefined where it cannot be read. */
async function overtakenBy(campaign: BoardCampaign, madeOn: number): Promise<string | undefined> {
  const path = `/api/campaigns/${encodeURIComponent(campaign.id)}/versions`;
  const answer = await ask('GET', path, settingVersionsView);
  if (!answer.ok) return undefined;
  const { versions } = answer.value;
  const newer = versions.filter(({ version }) => version > madeOn);
  const before = versions.find(({ version }) => version === madeOn);
  const [newest] = newer;
  if (!newest || !before) return undefined;
  const who = [...new Set(newer.map(actorWords))].slice(0, VERSIONS_SAID_MAX).join(', ');
  const changes = differenceWords(before.settings, newest.settings);
  return changes === ''
    ? undefined
    : textAt('supervisor.campaigns.overtaken', { name: campaign.name, who, changes });
}

type Settings = Readonly<Partial<Record<keyof ChangeCampaignRequest, unknown>>>;

/** What differs after a change: "lines from 60 to 45; mode from …". */
function differenceWords(before: Settings, after: Settings): string {
  const names = Object.keys(after) as (keyof ChangeCampaignRequest)[];
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) =>
      textAt('supervisor.campaigns.changedFromTo', {
        change: wordsFor('change', name),
        from: valueWords(name, before[name]),
        to: valueWords(name, after[name]),
      }),
    )
    .join('; ');
}

function valueWords(name: keyof ChangeCampaignRequest, value: unknown): string {
  return shortened(
    changeValueWords(name, (value ?? null) as Parameters<typeof changeValueWords>[1]),
  );
}

function patch(
  campaign: BoardCampaign,
  change: ChangeCampaignRequest,
  made: MadeOf,
): Promise<Answer<unknown>> {
  const path = `/api/campaigns/${encodeURIComponent(campaign.id)}`;
  return ask('PATCH', path, anything, { ...change, ...made });
}

function reviewPath({ blockId, request }: UnwantedPhone, review: Review | 'withdraw'): string {
  if (review === 'approve' || review === 'refuse' || review === 'withdraw') {
    return `/api/approvals/${encodeURIComponent(request?.approvalId ?? '')}/${review}`;
  }
  return `/api/phones/unwanted/${encodeURIComponent(blockId)}/${review}`;
}

function ofAgent(
  agentId: string,
  action: 'pause' | 'sign-out' | 'rest' | 'take-back',
  body?: object,
): Promise<Answer<unknown>> {
  return ask('POST', `/api/agents/${encodeURIComponent(agentId)}/${action}`, anything, body);
}

function ofCall(
  callId: string,
  action: 'disposition' | 'give-back',
  body?: Correction,
): Promise<Answer<unknown>> {
  return ask('POST', `/api/calls/${encodeURIComponent(callId)}/${action}`, anything, body);
}

/** Longest value in a notice; the audit trail has the whole text. */
const VALUE_LENGTH_MAX = 40;

function shortened(words: string): string {
  return words.length <= VALUE_LENGTH_MAX ? words : `${words.slice(0, VALUE_LENGTH_MAX - 1)}…`;
}

const LIMITS = campaignSettings.names.filter((name) => {
  const entry = campaignSettings.of(name);
  return entry.kind === 'number' && entry.isLimit === true;
});

/** The change that restores the old values, including limits that a change of mode removed. */
function backOf(campaign: BoardCampaign, change: ChangeCampaignRequest): ChangeCampaignRequest {
  // A ratio exists only with its mode.
  const { mode, ratio, ...others } = change;
  const back = Object.fromEntries(
    Object.keys(others).map((name) => [name, campaign[name as keyof typeof others]]),
  );
  if (mode === undefined) return ratio === undefined ? back : { ...back, ratio: campaign.ratio };
  const limits = LIMITS.filter((name) => campaign[name] !== null);
  return {
    ...back,
    ...Object.fromEntries(limits.map((name) => [name, campaign[name]])),
    ...(campaign.mode === 'ratio' ? { ratio: campaign.ratio } : {}),
    mode: campaign.mode === 'preview' ? 'progressive' : campaign.mode,
  };
}

export function SteeringNotice(props: { readonly steering: Steering }) {
  const { t } = useTranslation();
  const { steering } = props;
  const { notice } = steering;
  if (!notice) return null;
  return (
    <NoticeBar
      key={notice.at}
      tone={notice.tone}
      text={notice.text}
      dismissLabel={t('supervisor.dismiss')}
      onDismiss={steering.dismiss}
      {...(notice.back ? { forMs: UNDO_FOR_MS } : {})}
      action={
        notice.back && (
          <Button
            variant="white"
            color="dark"
            style={{ flex: 'none' }}
            onClick={() => void steering.undo()}
          >
            {t('supervisor.campaigns.undo')}
          </Button>
        )
      }
    />
  );
}
