/** Of the icons that are drawn without a library too: the path of each. */
export const iconLines = {
  left: "m9 3-4 4 4 4",
  right: "m5 3 4 4-4 4",
  close: "m3 3 8 8M11 3l-8 8",
} as const;
