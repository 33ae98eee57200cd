/**
 * What a page or a profile holds of one value: so many characters of its text, a quarter as many bytes of a BLOB (whose
 * text has up to four for each). The rest is a download.
 */
export const SHOWN_CHARACTERS = 4096;
