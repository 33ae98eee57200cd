/** What something is computed from, while a plan is walked: keys of columns, and why there may be more. */
export interface Trace {
  readonly columns: ReadonlySet<string>;
  readonly unknown: string | undefined;
}

export const NOTHING: Trace = { columns: new Set(), unknown: undefined };

export function traceOf(column: string): Trace {
  return { columns: new Set([column]), unknown: undefined };
}

export function unknownTrace(reason: string): Trace {
  return { columns: new Set(), unknown: reason };
}

/** Never a copy of what is the same already: wide plans hand the same traces on many times. */
export function unite(traces: readonly Trace[]): Trace {
  const some = traces.filter(({ columns, unknown }) => columns.size > 0 || unknown !== undefined);
  const [first] = some;
  if (first === undefined) return NOTHING;
  if (some.every((trace) => trace === first)) return first;
  return {
    columns: new Set(some.flatMap(({ columns }) => [...columns])),
    unknown: some.find(({ unknown }) => unknown !== undefined)?.unknown,
  };
}

export function isSameTrace(a: Trace, b: Trace): boolean {
  if (a.unknown !== b.unknown || a.columns.size !== b.columns.size) return false;
  return [...a.columns].every((column) => b.columns.has(column));
}
