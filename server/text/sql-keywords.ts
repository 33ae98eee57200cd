const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** What DuckDB takes for itself: duckdb_keywords() with the category reserved. */
export const reservedWords =
  words(`all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
  create default deferrable desc describe distinct do else end except false fetch for foreign from glob group having in
  initially intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider
  placing primary qualify references returning select show some summarize symmetric table then to trailing true union
  unique unpivot using variadic when where window with`);

const coloured =
  words(`anti asof between by cross cube exclude exists filter first full grouping ilike inner interval
  is join last left like materialized natural nulls outer over partition positional preceding range recursive replace
  right rollup row rows sample semi sets similar timestamp date values view within ordinality over following unbounded
  current current_date current_timestamp try_cast if`);

/** Whether a word is coloured. */
export function isKeyword(word: string): boolean {
  const lower = word.toLowerCase();
  return reservedWords.has(lower) || coloured.has(lower);
}

/** A cell's name as SQL may write it; a reserved word needs quotes. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}
