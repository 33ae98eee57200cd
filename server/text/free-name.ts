/** The name, or the first of `name_2`, `name_3` … that is not taken. */
export function freeName(wanted: string, isTaken: (name: string) => boolean, join = "_"): string {
  let name = wanted;
  for (let number = 2; isTaken(name); number++) name = `${wanted}${join}${String(number)}`;
  return name;
}
