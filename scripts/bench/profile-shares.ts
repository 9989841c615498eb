/** How a process spent its time, by a sampling profiler. */

import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

/** Rare enough that sampling hardly costs anything. */
const SAMPLE_EVERY_MICROSECONDS = 5_000;

export type ProfileNode = Pick<Profiler.ProfileNode, 'id' | 'children'> & {
  readonly callFrame: Pick<Profiler.ProfileNode['callFrame'], 'functionName' | 'url'>;
  readonly hitCount?: number;
};

export async function startProfile(): Promise<{ stop(): Promise<readonly ProfileNode[]> }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROSECONDS });
  await session.post('Profiler.start');
  return {
    async stop() {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile.nodes as readonly ProfileNode[];
    },
  };
}

/**
 * The share of all samples, idle ones included, with a frame anywhere on the stack for which `isIt`
 * holds.
 */
export function shareUnder(
  nodes: readonly ProfileNode[],
  isIt: (frame: ProfileNode['callFrame']) => boolean,
): number {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const all = nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
  const below = (node: ProfileNode): number =>
    (node.hitCount ?? 0) +
    (node.children ?? []).reduce((sum, id) => {
      const child = byId.get(id);
      return sum + (child ? below(child) : 0);
    }, 0);
  // Starts at the root. Nodes under a match are counted once, with it.
  const found = (node: ProfileNode): number =>
    isIt(node.callFrame)
      ? below(node)
      : (node.children ?? []).reduce((sum, id) => {
          const child = byId.get(id);
          return sum + (child ? found(child) : 0);
        }, 0);
  const [root] = nodes;
  return root && all > 0 ? found(root) / all : 0;
}
