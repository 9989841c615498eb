import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { BoardCampaign, changeCampaignRequest } from '../../protocol/supervisor.ts';
import { useWords } from '../i18n/codes.ts';
import { type Answer, anything, ask } from '../live/http.ts';
import { formatDecimal } from '../ui/format.ts';
import { NoticeBar } from '../ui/parts.tsx';

type ChangeCampaignRequest = z.infer<typeof changeCampaignRequest>;

/** What a supervisor does, and for ten seconds how to take it back. */
export type Steering = {
  readonly notice: SteeringWords | undefined;
  readonly busy: boolean;
  change(campaign: BoardCampaign, change: ChangeCampaignRequest): Promise<void>;
  assign(campaignId: string, agentId: string, assigned: boolean): Promise<void>;
  supervise(agentId: string, action: 'pause' | 'sign-out'): Promise<void>;
  undo(): Promise<void>;
  dismiss(): void;
};

export type SteeringWords = {
  readonly at: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  readonly back?: { readonly campaign: BoardCampaign; readonly change: ChangeCampaignRequest };
};

const UNDO_FOR_MS = 10_000;

export function useSteering(): Steering {
  const { t } = useTranslation();
  const words = useWords();
  const [notice, setNotice] = useState<SteeringWords>();
  const [busy, setBusy] = useState(false);
  const run = async (doing: Promise<Answer<unknown>>, done: Omit<SteeringWords, 'at' | 'tone'>) => {
    setBusy(true);
    const answer = await doing;
    setBusy(false);
    const at = Date.now();
    setNotice(
      answer.ok
        ? { at, tone: 'good', ...done }
        : { at, tone: 'bad', text: words('problem', answer.problem.code) },
    );
  };
  const patch = (campaign: BoardCampaign, change: ChangeCampaignRequest) =>
    ask('PATCH', `/api/campaigns/${encodeURIComponent(campaign.id)}`, anything, change);
  return {
    notice,
    busy,
    change(campaign, change) {
      const back = backOf(campaign, change);
      const [name] = Object.keys(change) as (keyof ChangeCampaignRequest)[];
      const text = t('supervisor.campaigns.changed', {
        name: campaign.name,
        change: words('change', name ?? ''),
        from: valueWords(name && back[name], words),
        to: valueWords(name && change[name], words),
      });
      return run(patch(campaign, change), { text, back: { campaign, change: back } });
    },
    assign(campaignId, agentId, assigned) {
      const path = `/api/campaigns/${encodeURIComponent(campaignId)}/agents/${encodeURIComponent(agentId)}`;
      const doing = ask(assigned ? 'PUT' : 'DELETE', path, anything);
      return run(doing, { text: t('supervisor.done') });
    },
    supervise(agentId, action) {
      const path = `/api/agents/${encodeURIComponent(agentId)}/${action}`;
      return run(ask('POST', path, anything), { text: t('supervisor.done') });
    },
    async undo() {
      const back = notice?.back;
      if (!back) return;
      const text = t('supervisor.campaigns.undone', { name: back.campaign.name });
      await run(patch(back.campaign, back.change), { text });
    },
    dismiss: () => setNotice(undefined),
  };
}

const LIMITS = [
  'linesPerAgentMax',
  'linesPerAgentMin',
  'cancelAfterRingingMs',
  'ringTimeoutMs',
  'restBetweenCallsMs',
  'abandonmentMessage',
  'amd',
  'amdSampleShare',
] as const;

/** The same fields as they were. */
function backOf(campaign: BoardCampaign, change: ChangeCampaignRequest): ChangeCampaignRequest {
  const mode = campaign.mode === 'preview' ? 'progressive' : campaign.mode;
  return {
    ...(change.state === undefined ? {} : { state: campaign.state }),
    ...(change.mode === undefined ? {} : { mode }),
    ...(change.ratio === undefined ? {} : { ratio: campaign.ratio }),
    ...(change.linesMax === undefined ? {} : { linesMax: campaign.linesMax }),
    ...Object.fromEntries(
      LIMITS.filter((name) => change[name] !== undefined).map((name) => [name, campaign[name]]),
    ),
  };
}

function valueWords(
  value: ChangeCampaignRequest[keyof ChangeCampaignRequest],
  words: ReturnType<typeof useWords>,
): string {
  if (value === undefined) return '?';
  if (typeof value === 'object' && value !== null) return value.text;
  if (value === null) return '–';
  if (typeof value === 'number') return formatDecimal(value, Number.isInteger(value) ? 0 : 1);
  for (const group of ['campaignState', 'mode', 'amd'] as const) {
    const said = words(group, value);
    if (said !== value) return said;
  }
  return value;
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
