import type { KindWords } from "./kind.js";

export const check: KindWords = {
  label: "Check",
  noun: "check",
  stem: "check",
  starter: (name) =>
    `--| check: ${name}\n-- the rows that are wrong; no row means it passed\nSELECT 1 WHERE false`,
  settings: "severity, max, description, timeout, depends_on, disabled",
};
