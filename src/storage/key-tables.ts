/** The tables of keys, each sealed with the key ring. */
/** A key that what is noted of a debtor is sealed with. */
export type DebtorKeyTable = {
  debtor_id: string;
  /** 1, then one more for each that was erased. */
  generation: number;
  /** The key, sealed with the ring; null once it was erased. */
  wrapped: string | null;
  /** The key of the ring that it is sealed with; null once it was erased. */
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
