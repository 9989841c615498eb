/** As it is stored, since it cannot be read. */
export type UnreadLead = {
  readonly leadId: string;
  readonly debtorId: string;
  readonly error: Error;
};
