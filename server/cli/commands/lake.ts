import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes, formatTable } from "../format.js";
import { openLakeSession } from "../session.js";

export const lake = defineCommand({
  summary: "list the published datasets",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ values, console }) {
    const session = await openLakeSession({ workspace: values.workspace ?? "." });
    try {
      const datasets = await listDatasets(session.lake);
      if (values.json === true) {
        console.out(`${JSON.stringify({ datasets }, null, 2)}\n`);
        return 0;
      }
      const rows = datasets.map((item) => [
        item.dataset,
        item.runDate,
        item.isLatest ? "latest" : "",
        item.rows,
        formatBytes(item.bytes),
        item.partitions,
        item.notebook,
        item.path,
      ]);
      console.out(
        `${formatTable(["dataset", "run date", "", "rows", "size", "partitions", "notebook", "folder"], rows, 80)}\n`,
      );
      return 0;
    } finally {
      await session.close();
    }
  },
});

async function listDatasets(opened: Awaited<ReturnType<typeof openLakeSession>>["lake"]) {
  if (opened === undefined) return [];
  const pairs = opened
    .publications()
    .flatMap((entry) =>
      Object.entries(entry.datasets).map(([dataset, version]) => ({ entry, dataset, version })),
    );
  const datasets = await Promise.all(
    pairs.map(async ({ entry, dataset, version }) => {
      const manifest = await opened.manifest(dataset, version);
      const parquet = manifest.files.filter((file) => file.format === "parquet");
      return {
        dataset,
        runDate: entry.runDate,
        isLatest: opened.resolve(dataset)?.runDate === entry.runDate,
        notebook: entry.notebook,
        version,
        rows: manifest.rows,
        bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
        partitions: new Set(parquet.map((file) => JSON.stringify(file.partition))).size,
        columns: manifest.columns,
        path: `data_lake/${entry.runDate}/${dataset}`,
      };
    }),
  );
  return datasets.sort((a, b) =>
    a.dataset < b.dataset ? -1 : a.dataset > b.dataset ? 1 : a.runDate < b.runDate ? 1 : -1,
  );
}
