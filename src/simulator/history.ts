/** Attempts before the day began, so that even half an hour reaches the day's caps. */
import { MINUTE_MS } from '../lib/time.ts';
import type { Storage } from '../storage/store.ts';

/** Beginning of the ids of attempts made before the day began. */
export const EARLIER = 'attempt_earlier';

/**
 * For each of eight leads in turn: how often the person was tried earlier, on their numbers in
 * turn.
 */
const TRIED: readonly number[] = [0, 0, 0, 1, 2, 3, 4, 0];
const NIGHT = Date.parse('2026-11-23T00:10:00-03:00');

export async function writeHistory({ store, setUp }: Storage): Promise<void> {
  const leads = await store.read((view) =>
    view.dialableLeads({
      campaignId: 'campaign_varejo',
      now: NIGHT + 24 * 60 * MINUTE_MS,
      limit: 10_000,
      exceptDebtors: [],
    }),
  );
  await setUp(async (tx) => {
    let written = 0;
    for (const [index, { lead, debtor, phones }] of leads.entries()) {
      const times = TRIED[index % TRIED.length] ?? 0;
      for (let time = 0; time < times; time += 1) {
        const phone = phones[time % phones.length];
        if (!phone) continue;
        written += 1;
        const id = written.toString().padStart(6, '0');
        const placedAt = NIGHT + time * 15 * MINUTE_MS;
        const about = {
          campaignId: lead.campaignId,
          leadId: lead.id,
          debtorId: debtor.id,
          phoneId: phone.id,
        };
        await tx.insertDecision({
          id: `decision_earlier${id}`,
          at: placedAt,
          profileId: 'br-cobranca',
          profileVersion: '1',
          allowed: true,
          rules: '[]',
          ...about,
        });
        await tx.insertAttempt({
          id: `${EARLIER}${id}`,
          callId: `call_earlier${id}`,
          legId: `leg_earlier${id}`,
          decisionId: `decision_earlier${id}`,
          phone: phone.number,
          trunkId: 'trunk_one',
          callerId: '+551133334444',
          placedAt,
          ...about,
        });
        await tx.settleAttempt({
          id: `${EARLIER}${id}`,
          endedAt: placedAt + 30_000,
          outcome: 'no-answer',
          counts: true,
          abandoned: false,
        });
      }
    }
  });
}
