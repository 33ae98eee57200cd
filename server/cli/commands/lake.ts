import { AppError } from "../../base/errors.js";
import { listPublishedDatasets, type PublishedListing } from "../../rows/published-datasets.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes } from "../../text/format.js";
import { suggest } from "../../text/suggest.js";
import { formatTable } from "../format.js";
import { openLakeSession } from "../session.js";

export const lake = defineCommand({
  summary: "list the published datasets, or the run dates of one",
  arguments: "[<dataset>]",
  positionals: { min: 0, max: 1 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ positionals, values, console }) {
    const session = await openLakeSession({ workspace: values.workspace ?? "." });
    try {
      const [name] = positionals;
      const all = session.lake === undefined ? [] : await listPublishedDatasets(session.lake);
      const datasets = name === undefined ? all : all.filter(({ dataset }) => dataset === name);
      if (name !== undefined && datasets.length === 0) throw unknownDataset(name, all);
      if (values.json === true) {
        console.out(`${JSON.stringify({ datasets }, null, 2)}\n`);
        return 0;
      }
      const rows = datasets.map((item) => [
        item.dataset,
        item.runDate,
        [item.isLatest ? "latest" : "", item.restatedUpstream === undefined ? "" : "restated upstream"]
          .filter((word) => word !== "")
          .join(", "),
        item.rows,
        formatBytes(item.bytes),
        item.partitions,
        item.notebook,
        item.path,
      ]);
      const header = ["dataset", "run date", "", "rows", "size", "partitions", "notebook", "folder"];
      console.out(`${formatTable(header, rows, 80)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
});

function unknownDataset(name: string, all: readonly PublishedListing[]): AppError {
  const near = suggest(
    name,
    all.map(({ dataset }) => dataset),
  );
  return new AppError("not-found", `No dataset "${name}" has been published.`, {
    hint: near === undefined ? "List what there is with: lakebook lake" : `Did you mean "${near}"?`,
  });
}
