import { describe, expect, it } from 'vitest';
import type { Approval, ApprovalState } from '../../src/domain/approvals/approval.ts';
import type { Change } from '../../src/engine/ports/commit.ts';
import type { ApprovalId } from '../../src/lib/ids.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { NOON } from '../support/store.ts';
import { aCommit, type Current } from '../support/store-records.ts';

const anApproval = (given: Partial<Approval> = {}): Approval => ({
  id: 'approval_1',
  asks: { kind: 'release-unwanted', blockId: 'block_1' },
  ground: 'kept by nobody',
  ...{ askedBy: 'user_1', askedFrom: '10.0.0.7', because: 'ligou para nós' },
  ...{ askedAt: NOON, expiresAt: NOON + DAY_MS, state: { kind: 'asked' }, ...given },
});

const decided = { byUserId: 'user_2', because: 'ouvi a gravação', at: NOON + 5 } as const;
const ENDS: readonly ApprovalState[] = [
  { kind: 'approved', ...decided },
  { kind: 'refused', ...decided },
  { kind: 'withdrawn', at: NOON + 6 },
  { kind: 'expired', at: NOON + DAY_MS },
];

export function approvals(current: Current): void {
  describe('requests for an approval', () => {
    const save = (...all: readonly Approval[]) => {
      const changes = all.map((approval): Change => ({ kind: 'save-approval', approval }));
      return current().store.commit(structuredClone(aCommit({ changes })));
    };
    const open = () => current().store.read((view) => view.openApprovals());
    const newest = async () => {
      const [unwanted] = await current().store.read((view) => view.unwantedPhones(NOON));
      return unwanted?.newestRequest;
    };
    const block = () =>
      current().setUp((tx) =>
        tx.insertBlock({
          ...{ id: 'block_1', scope: 'phone', phone: '+5511987654321', reason: 'unwanted' },
          ...{ effectiveFrom: NOON, at: NOON },
        }),
      );

    it('are read as they were stored, and the open ones in their order', async () => {
      const { askedFrom: _unknown, ...second } = anApproval({
        id: 'approval_2',
        asks: { kind: 'release-unwanted', blockId: 'block_2' },
      });
      await save(second, anApproval());
      expect(await open()).toEqual([anApproval(), second]);
    });

    it.each(ENDS)('are closed when $kind, and keep who, why and when', async (state) => {
      await block();
      await save(anApproval());
      expect(await newest()).toEqual(anApproval());
      await save(anApproval({ state }));
      expect(await open()).toEqual([]);
      expect(await newest()).toEqual(anApproval({ state }));
    });

    it('are open only once about each thing; a new one may follow one that ended', async () => {
      await block();
      await save(anApproval());
      const again = (id: ApprovalId) => anApproval({ id, askedAt: NOON + 9 });
      await expect(save(again('approval_2'))).rejects.toMatchObject({ code: 'commit-failed' });
      const ended = anApproval({ state: { kind: 'withdrawn', at: NOON + 8 } });
      await save(ended, again('approval_3'));
      expect(await open()).toEqual([again('approval_3')]);
      expect(await newest()).toEqual(again('approval_3'));
    });

    it('are missing for a telephone that nobody asked about', async () => {
      await block();
      await save(anApproval({ asks: { kind: 'release-unwanted', blockId: 'block_9' } }));
      expect(await newest()).toBeUndefined();
    });
  });
}
