/** How much of a line a cell takes in a report; absent: all of it. */
export const reportWidths = ["full", "half", "third"] as const;
export type ReportWidth = (typeof reportWidths)[number];
