import { expect, it } from 'vitest';
import { type ProfileNode, shareUnder } from '../../scripts/bench/profile-shares.ts';

const node = (id: number, functionName: string, hitCount: number, children: number[] = []) =>
  ({ id, callFrame: { functionName, url: '' }, hitCount, children }) satisfies ProfileNode;

it('counts what runs below a function with it, and a function below itself once', () => {
  const nodes = [
    node(1, '(root)', 0, [2, 5]),
    node(2, 'turn', 10, [3]),
    node(3, 'plan', 20, [4]),
    node(4, 'plan', 30),
    node(5, '(idle)', 40),
  ];
  expect(shareUnder(nodes, ({ functionName }) => functionName === 'plan')).toBe(0.5);
});

it('is nothing where nothing was sampled', () => {
  expect(shareUnder([], () => true)).toBe(0);
});
