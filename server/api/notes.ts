import { SHOWN_CHARACTERS } from "../rows/shown-values.js";

/** Sentences that several routes say of themselves. */
export const cutNote =
  `Of a value longer than ${String(SHOWN_CHARACTERS)} characters, or a BLOB of more than ` +
  `${String(SHOWN_CHARACTERS / 4)} bytes, rows have the beginning; cut names each of them with its true length.`;
export const valueNote = "Its text as UTF-8, or the bytes of a BLOB. NULL is empty. At most 1 GB.";

export const computed = { 422: "The engine refuses the query.", 504: "The engine took longer than it may." };
export const unknownNotebook = { 404: "There is no such notebook." };
export const waiting = { 409: "Twenty queries of this client wait already." };
