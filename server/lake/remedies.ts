import type { LakeState, VersionName } from "./state.js";

/** What to do about a version of which something is missing or not as it was stored. */
export function restoreVersion(state: LakeState, { dataset, version }: VersionName): string {
  const shown = state
    .placementsOf(dataset)
    .filter((placement) => placement.version === version)
    .map(
      ({ notebook, runDate }) => `lakebook materialize ${notebook} --date ${runDate} --input pinned --force`,
    );
  if (shown.length > 0) return `Restore it from a backup, or compute it again: ${shown.join(", then ")}`;
  return "Nothing that is published now needs it. Restore it from a backup, or have what is left of it removed: lakebook vacuum --yes";
}

/** What to do where what a run date delivered is no longer kept as it was. */
export function deliverAgain(date: string): string {
  return `Deliver it for ${date} again, from data_lake/${date}/initial_datasets if that is still there, and materialize that date with --input current.`;
}
