/** Where the daily copies of the database are, unless a setting names another folder. */
export const COPIES_FOLDER = '.cadencia/backups';
