import { formatNumber, formatShare, formatType, formatValue } from "../../server/text/format.js";
import { familyOf } from "../../server/text/type-kind.js";
import { shareOfNulls, type ColumnProfile } from "../grid/profile.js";
import type { DataNode } from "./data-tree.js";

const MAX_VALUES = 4;

/** Nothing where there is none. */
export function nullsOf(profile: ColumnProfile): string {
  return profile.nulls === 0 ? "" : formatShare(shareOfNulls(profile));
}

/** What a row of the tree is called for who cannot see it. */
export function wordsOf(
  { kind, label, detail, source }: DataNode,
  profile: ColumnProfile | undefined,
): string {
  if (kind !== "column") return [label, detail].filter(Boolean).join(", ");
  const nulls = profile === undefined ? "" : profile.nulls === 0 ? "no nulls" : `${nullsOf(profile)} nulls`;
  return [label, formatType(detail), nulls, source === undefined ? "" : `column of ${source.name}`]
    .filter(Boolean)
    .join(", ");
}

/** In a few sentences what the values are like. */
export function aboutColumn(
  { detail }: DataNode,
  profile: ColumnProfile | undefined,
  isSample: boolean,
): string {
  if (profile === undefined) return formatType(detail);
  const { count, distinct, min, max, topValues = [], isDistinctEstimated } = profile;
  const show = (value: unknown): string => shown(value, profile);
  const facts = [
    formatType(detail),
    profile.nulls === 0 ? "no nulls" : `${nullsOf(profile)} nulls`,
    ...(distinct === undefined
      ? []
      : [`${isDistinctEstimated === true ? "≈ " : ""}${formatNumber(distinct)} distinct`]),
    ...(min === undefined || max === undefined ? [] : [`${show(min)} … ${show(max)}`]),
    ...(topValues.length === 0
      ? []
      : [
          topValues
            .slice(0, MAX_VALUES)
            .map(({ value, count: times }) => `${show(value)} (${formatNumber(times)})`)
            .join(", "),
        ]),
    isSample ? `of the first ${formatNumber(count)} rows` : `of ${formatNumber(count)} rows`,
  ];
  return facts.join(" · ");
}

function shown(value: unknown, { kind }: ColumnProfile): string {
  const isNumber = familyOf(kind) === "number" && (typeof value === "number" || typeof value === "string");
  return isNumber ? formatNumber(value) : formatValue(value, kind).text.slice(0, 40);
}
