/** The tables of keys, each sealed with the key ring. */
/** A key that seals the notes about a debtor. */
export type DebtorKeyTable = {
  debtor_id: string;
  /** 1 for the first key; one more for each erased key. */
  generation: number;
  /** The key, sealed with the ring; null when erased. */
  wrapped: string | null;
  /** Id of the ring's key that sealed it; null when erased. */
  ring_key_id: string | null;
  made_at: number;
  erased_at: number | null;
};

/** The key of the hashes by which debtors are found, sealed with the ring. */
export type SearchKeyTable = {
  id: string;
  wrapped: string;
  ring_key_id: string;
  made_at: number;
};
