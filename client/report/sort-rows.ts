/** What a table shows of one value: its text, and the digits behind it where they are shown in another form. */
export interface ShownValue {
  readonly text: string;
  readonly isNull: boolean;
}

export type Direction = "ascending" | "descending";

/** The order of rows by one column; those that are alike keep theirs, and those without a value are last. */
export function sortedRows(
  values: readonly ShownValue[],
  isNumber: boolean,
  direction: Direction,
): readonly number[] {
  const sign = direction === "ascending" ? 1 : -1;
  const compare = isNumber ? compareNumbers : compareTexts;
  return values
    .map((value, index) => ({ value, index }))
    .sort((a, b) => {
      if (a.value.isNull !== b.value.isNull) return a.value.isNull ? 1 : -1;
      const order = a.value.isNull ? 0 : sign * compare(a.value.text, b.value.text);
      return order === 0 ? a.index - b.index : order;
    })
    .map(({ index }) => index);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By all of their digits; what is no number, as NaN, is the greatest. */
function compareNumbers(a: string, b: string): number {
  const [whole, other] = [decimal.exec(a), decimal.exec(b)];
  if (whole !== null && other !== null) {
    const digits = Math.max(whole[2]?.length ?? 0, other[2]?.length ?? 0);
    const [left, right] = [scaled(whole, digits), scaled(other, digits)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const [left, right] = [toNumber(a), toNumber(b)];
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

const decimal = /^(-?\d+)(?:\.(\d+))?$/;

function scaled([, whole = "", fraction = ""]: RegExpExecArray, digits: number): bigint {
  return BigInt(whole + fraction.padEnd(digits, "0"));
}

function toNumber(text: string): number {
  return Number(text.replace(/^(-?)inf$/i, "$1Infinity"));
}
