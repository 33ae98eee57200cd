/** Where a command writes: results to `out`, everything else to `err`. */
export interface Console {
  out(text: string): void;
  err(text: string): void;
  /** Is standard error a terminal that can redraw lines? */
  readonly isTerminal: boolean;
  readonly columns: number;
}

export const processConsole: Console = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY && process.env["TERM"] !== "dumb" && process.env["CI"] === undefined,
  columns: process.stderr.columns || 100,
};
