/**
 * What a record with names of users as its keys holds itself: every object of the language has something under
 * `constructor` and the like.
 */
export function ownValue<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
