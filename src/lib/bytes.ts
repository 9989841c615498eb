/** How the settings count a megabyte, and so every page that shows one. */
export const MEGABYTE_BYTES = 1024 * 1024;
