/** Gives each fence of a SQL cell a name that neither `taken` nor an earlier one has: `orders`, `orders_2` ... */
export function withFreeNames(fences: readonly string[], taken: ReadonlySet<string> = new Set()): string[] {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  return fences.map((fence) =>
    fence.replace(/^--\| cell: (\S+)$/m, (_line, wanted: string) => {
      let name = wanted;
      for (let number = 2; names.has(name.toLowerCase()); number++) name = `${wanted}_${String(number)}`;
      names.add(name.toLowerCase());
      return `--| cell: ${name}`;
    }),
  );
}
