import { sql, type Piece } from "./piece.js";
import { quoteText } from "./quote.js";

/*
 * DuckDB makes one letter of one letter, Spark may make several ("ß" becomes "SS", a final sigma another letter), and knows
 * newer scripts. These are all the characters of Unicode that the two see differently: found by asking both for each.
 */

const upperOdd =
  "\u00df\u0149\u019b\u01f0\u0264\u0390\u03b0\u0587\u1c8a\u1e96-\u1e9a\u1f50\u1f52\u1f54\u1f56\u1f80-\u1faf\u1fb2-\u1fb4\u1fb6\u1fb7\u1fbc\u1fc2-\u1fc4\u1fc6\u1fc7\u1fcc\u1fd2\u1fd3\u1fd6\u1fd7\u1fe2-\u1fe4\u1fe6\u1fe7\u1ff2-\u1ff4\u1ff6\u1ff7\u1ffc\ua7cd\ua7cf\ua7d3\ua7d5\ua7db\ufb00-\ufb06\ufb13-\ufb17\ud803\udd70-\ud803\udd85\ud81b\udebb-\ud81b\uded3";
const upperFrom =
  "\u00df\u1f80\u1f81\u1f82\u1f83\u1f84\u1f85\u1f86\u1f87\u1f90\u1f91\u1f92\u1f93\u1f94\u1f95\u1f96\u1f97\u1fa0\u1fa1\u1fa2\u1fa3\u1fa4\u1fa5\u1fa6\u1fa7\u1fb3\u1fc3\u1ff3";
const upperTo =
  "\u1e9e\u1f88\u1f89\u1f8a\u1f8b\u1f8c\u1f8d\u1f8e\u1f8f\u1f98\u1f99\u1f9a\u1f9b\u1f9c\u1f9d\u1f9e\u1f9f\u1fa8\u1fa9\u1faa\u1fab\u1fac\u1fad\u1fae\u1faf\u1fbc\u1fcc\u1ffc";
/** With the capital sigma, which depends on what stands beside it. */
const lowerOdd =
  "\u0130\u03a3\u1c89\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\ud803\udd50-\ud803\udd65\ud81b\udea0-\ud81b\udeb8";
const lowerFrom = "\u0130";
const lowerTo = "\u0069";

export function upperText(text: Piece): Piece {
  return letterwise(text, "upper", upperOdd, sql`translate(c, '${upperFrom}', '${upperTo}')`);
}

export function lowerText(text: Piece): Piece {
  const one = sql`CASE WHEN c = '\u03a3' THEN '\u03c3' ELSE translate(c, '${lowerFrom}', '${lowerTo}') END`;
  return letterwise(text, "lower", lowerOdd, one);
}

/** Letter by letter where one of the odd ones is there. */
function letterwise(text: Piece, name: string, odd: string, one: Piece): Piece {
  const class_ = quoteText(`[${odd}]`);
  const letters = sql`transform(split(${text}, ''), c -> CASE WHEN c RLIKE ${class_} THEN ${one} ELSE ${name}(c) END)`;
  return sql`CASE WHEN ${text} RLIKE ${class_} THEN array_join(${letters}, '') ELSE ${name}(${text}) END`;
}
