/** What the bench of load and the process of its screens say to each other. */
export type LoadTask = {
  readonly url: string;
  /** Of each agent, and of each supervisor. */
  readonly agentCookies: readonly string[];
  readonly supervisorCookies: readonly string[];
  readonly talkMeanMs: number;
  readonly wrapUpMeanMs: number;
  readonly disposition: string;
};

export type LoadOrder =
  | { readonly kind: 'begin'; readonly task: LoadTask }
  /** Counts anew from here. */
  | { readonly kind: 'count' }
  | { readonly kind: 'end' };

export type LoadAnswer =
  /** Every screen is connected, every shift is open and every agent available. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'counted'; readonly counts: LoadCounts }
  | { readonly kind: 'failed'; readonly because: string };

export type LoadCounts = {
  /** Messages received, by name. */
  readonly messages: Readonly<Record<string, number>>;
  readonly commands: number;
  /** By command and code; what comes from a call that ended meanwhile is usual. */
  readonly refused: Readonly<Record<string, number>>;
  /** From asking to the answer, ascending. */
  readonly answerMs: readonly number[];
  readonly disconnected: number;
};
