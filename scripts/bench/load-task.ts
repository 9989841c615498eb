/** Messages between the load bench and the process of its screens. */
export type LoadTask = {
  readonly url: string;
  /** Session cookies of each agent and supervisor. */
  readonly agentCookies: readonly string[];
  readonly supervisorCookies: readonly string[];
  readonly talkMeanMs: number;
  readonly wrapUpMeanMs: number;
  readonly disposition: string;
};

export type LoadOrder =
  | { readonly kind: 'begin'; readonly task: LoadTask }
  /** Restarts the counts. */
  | { readonly kind: 'count' }
  | { readonly kind: 'end' };

export type LoadAnswer =
  /** Every screen is connected, every shift open and every agent available. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'counted'; readonly counts: LoadCounts }
  | { readonly kind: 'failed'; readonly because: string };

export type LoadCounts = {
  /** Messages received, by name. */
  readonly messages: Readonly<Record<string, number>>;
  readonly commands: number;
  /** Refusals by command and code. Refusals because a call ended meanwhile are usual. */
  readonly refused: Readonly<Record<string, number>>;
  /** Times from command to answer, ascending. */
  readonly answerMs: readonly number[];
  readonly disconnected: number;
};
