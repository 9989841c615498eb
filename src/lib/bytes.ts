/** Bytes in a megabyte, for settings and for every page that shows one. */
export const MEGABYTE_BYTES = 1024 * 1024;
