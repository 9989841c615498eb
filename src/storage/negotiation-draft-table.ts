/** What an agent typed of a call and has not recorded; the row goes with the disposition. */
export type NegotiationDraftTable = {
  call_id: string;
  debtor_id: string;
  agent_id: string;
  revision: number;
  /** Code of the chosen disposition. */
  code: string | null;
  /** Note and form as JSON, sealed with the key of the debtor. */
  typed_sealed: string;
  at: number;
};
