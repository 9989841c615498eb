/** From whom a lead comes first to whom it comes last: 100 to 0. */
export const PRIORITY_USUAL = 50;
