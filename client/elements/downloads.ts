/** What rows can be taken away as; the server has the same list. */
export const downloads = [
  { format: "csv", label: "CSV" },
  { format: "json", label: "JSON" },
  { format: "parquet", label: "Parquet" },
] as const;
