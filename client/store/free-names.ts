import { freeName } from "../../server/text/free-name.js";

/** Gives each fence of a SQL cell a name that neither `taken` nor an earlier one has: `orders`, `orders_2` ... */
export function withFreeNames(fences: readonly string[], taken: ReadonlySet<string> = new Set()): string[] {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  return fences.map((fence) =>
    fence.replace(/^--\| cell: (\S+)$/m, (_line, wanted: string) => {
      const name = freeName(wanted, (candidate) => names.has(candidate.toLowerCase()));
      names.add(name.toLowerCase());
      return `--| cell: ${name}`;
    }),
  );
}
