import type { FastifyInstance } from 'fastify';
import { campaignSettings } from '../../src/protocol/settings.ts';
import {
  type Board,
  type BoardCampaign,
  changeCampaignRequest,
  settingVersionsView,
} from '../../src/protocol/supervisor.ts';
import { refuse } from './fake-session.ts';

type Version = (typeof settingVersionsView)['_output']['versions'][number];

const LONG_AGO = 1_790_000_000_000;

/** Changes of campaigns' settings with their versions. Returns how another person changes them. */
export function addSettings(
  app: FastifyInstance,
  board: () => Board,
  changeBoard: (change: (board: Board) => Board) => void,
): (id: string, change: Partial<BoardCampaign>, by: string) => void {
  const versions = new Map<string, Version[]>();
  const campaignOf = (id: string) => board().campaigns.find((one) => one.id === id);
  const change = (id: string, changed: Partial<BoardCampaign>, by: string) => {
    const before = campaignOf(id);
    if (!before) return;
    const version = before.settingVersion + 1;
    const first = versionOf(before, before.settingVersion, { kind: 'house', name: null });
    const made = versionOf({ ...before, ...changed }, version, { kind: 'person', name: by });
    versions.set(id, [made, ...(versions.get(id) ?? [first])]);
    changeBoard((shown) => ({
      ...shown,
      campaigns: shown.campaigns.map((one) =>
        one.id === id ? { ...one, ...changed, settingVersion: version } : one,
      ),
    }));
  };
  app.get<{ Params: { id: string } }>('/api/campaigns/:id/versions', ({ params }) =>
    settingVersionsView.parse({ versions: versions.get(params.id) ?? [] }),
  );
  app.patch<{ Params: { id: string } }>('/api/campaigns/:id', (request, reply) => {
    const { id } = request.params;
    const { madeOn, because: _because, ...asked } = changeCampaignRequest.parse(request.body);
    if (madeOn !== undefined && madeOn !== campaignOf(id)?.settingVersion) {
      return refuse(reply, 409, 'settings-stale');
    }
    change(
      id,
      Object.fromEntries(Object.entries(asked).filter(([, one]) => one !== undefined)),
      'Sofia Supervisora',
    );
    return reply.code(204).send();
  });
  return change;
}

function versionOf(campaign: BoardCampaign, version: number, by: Version['by']): Version {
  const settings = Object.fromEntries(campaignSettings.names.map((name) => [name, campaign[name]]));
  return { version, at: LONG_AGO, by, because: null, settings };
}
