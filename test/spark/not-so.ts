/** What has to be so is not: no fault of the machine. */
export class NotSo extends Error {}

export function require_(condition: boolean, what: string): void {
  if (!condition) throw new NotSo(`Not so: ${what}`);
}
