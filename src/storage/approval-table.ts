/** The columns are explained in `migrations/0026-approvals.ts`. */
export type ApprovalTable = {
  id: string;
  kind: string;
  subject_id: string;
  /** JSON text. */
  asks: string;
  ground: string;
  asked_by: string;
  asked_from: string | null;
  because: string;
  asked_at: number;
  expires_at: number;
  state: string;
  decided_by: string | null;
  decided_because: string | null;
  ended_at: number | null;
};
