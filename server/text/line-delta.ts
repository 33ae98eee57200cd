/** What a text is made of, beside another one: lines of that one, as a place and a count, and lines of its own. */
export type LineDelta = readonly (string | readonly [from: number, count: number])[];

/** Lines with their breaks; joined they are the text. */
export function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

export function makeDelta(base: string, text: string): LineDelta {
  const known = linesOf(base);
  const places = new Map<string, number>();
  known.forEach((line, index) => {
    if (!places.has(line)) places.set(line, index);
  });
  const delta: (string | [number, number])[] = [];
  let next = 0;
  for (const line of linesOf(text)) {
    const last = delta.at(-1);
    const from = known[next] === line ? next : places.get(line);
    if (from === undefined) {
      if (typeof last === "string") delta[delta.length - 1] = last + line;
      else delta.push(line);
      continue;
    }
    if (Array.isArray(last) && last[0] + last[1] === from) last[1]++;
    else delta.push([from, 1]);
    next = from + 1;
  }
  return delta;
}

/** A place that the base has not gives nothing: whoever asks compares hashes. */
export function applyDelta(base: string, delta: LineDelta): string {
  const known = linesOf(base);
  return delta
    .map((part) => (typeof part === "string" ? part : known.slice(part[0], part[0] + part[1]).join("")))
    .join("");
}
