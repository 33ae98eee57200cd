const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** What DuckDB takes for itself: duckdb_keywords() with the category reserved. */
export const reservedWords =
  words(`all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
  create default deferrable desc describe distinct do else end except false fetch for foreign from glob group having in
  initially intersect into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider
  placing primary qualify references returning select show some summarize symmetric table then to trailing true union
  unique unpivot using variadic when where window with`);

/* Names of functions, but of no column: what the parser refuses of the category type_function. */
const joining = words(
  "anti asof by cross full ilike inner is join left like natural outer positional right semi similar",
);
const uncoloured = words(
  "at authorization binary collation concurrently freeze isnull notnull overlaps tablesample unpack verbose",
);

const coloured = words(`between cube exclude exists filter first grouping interval last materialized nulls
  over partition preceding range recursive replace rollup row rows sample sets timestamp date values view within
  ordinality following unbounded current current_date current_timestamp try_cast if`);

/** Whether a word is coloured. */
export function isKeyword(word: string): boolean {
  const lower = word.toLowerCase();
  return reservedWords.has(lower) || joining.has(lower) || coloured.has(lower);
}

/** A name as SQL may write it: that of a cell, or of a column. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) &&
    ![reservedWords, joining, uncoloured].some((taken) => taken.has(name))
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}
