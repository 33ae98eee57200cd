import type { Delivery, PinnedInput } from "../lake/model.js";

/** A content that a path of a cumulative dataset stands for. */
export interface DeliveredFile {
  /** The run date that delivered it first. */
  readonly date: string;
  readonly input: PinnedInput;
}

/** The distinct contents of the paths that match, in the order of the dates: one that comes again counts once. */
export function deliveredFiles(
  deliveries: readonly Delivery[],
  matching: (inputs: readonly PinnedInput[]) => readonly PinnedInput[],
): DeliveredFile[] {
  const seen = new Set<string>();
  const files: DeliveredFile[] = [];
  for (const { date, inputs } of [...deliveries].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    for (const input of [...matching(inputs)].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const key = `${input.sha256} ${input.path}`;
      if (seen.has(key)) continue;
      seen.add(key);
      files.push({ date, input });
    }
  }
  return files;
}

/** Where a delivery's file is shown to a query, below its root. */
export function deliveredPath({ date, input }: DeliveredFile): string {
  const steps = input.path.split("/").map((step) => (step === ".." ? "up" : step || "absolute"));
  return `deliveries/${date}/${steps.join("/")}`;
}
