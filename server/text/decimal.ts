/** A number of which every digit counts: `units` times ten to minus `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Undefined where it is no plain number. */
export function readDecimal(text: string): Decimal | undefined {
  const [found, sign = "", whole = "", fraction = ""] = /^([-+]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const units = BigInt(whole + fraction);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

export function timesDecimal({ units, scale }: Decimal, factor: number): Decimal {
  return { units: units * BigInt(factor), scale };
}

/** Times ten to that. */
export function shiftDecimal({ units, scale }: Decimal, by: number): Decimal {
  return by <= scale ? { units, scale: scale - by } : { units: units * 10n ** BigInt(by - scale), scale: 0 };
}

export function writeDecimal({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const at = digits.length - scale;
  const fraction = digits.slice(at).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, at)}${fraction === "" ? "" : `.${fraction}`}`;
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}
