import { z } from "zod";

/** As `z.record`, which leaves out a key `__proto__` without a word. */
export function namedRecord<T extends z.ZodType>(
  value: T,
): z.ZodType<Record<string, z.output<T>>, Record<string, z.input<T>>> {
  return z
    .preprocess(
      (given) => (isObject(given) ? renameKeys(given, (key) => `$${key}`) : given),
      z.record(z.string(), value),
    )
    .transform((record) => renameKeys(record, (key) => key.slice(1)))
    .meta({ type: "object", additionalProperties: {} }) as unknown as z.ZodType<
    Record<string, z.output<T>>,
    Record<string, z.input<T>>
  >;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Object.fromEntries makes own properties of all of them. */
function renameKeys<T>(
  record: Readonly<Record<string, T>>,
  rename: (key: string) => string,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]));
}
