import { listPublishedDatasets } from "../../rows/published-datasets.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { formatBytes } from "../../text/format.js";
import { formatTable } from "../format.js";
import { openLakeSession } from "../session.js";

export const lake = defineCommand({
  summary: "list the published datasets",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ values, console }) {
    const session = await openLakeSession({ workspace: values.workspace ?? "." });
    try {
      const datasets = session.lake === undefined ? [] : await listPublishedDatasets(session.lake);
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
      const header = ["dataset", "run date", "", "rows", "size", "partitions", "notebook", "folder"];
      console.out(`${formatTable(header, rows, 80)}\n`);
      return 0;
    } finally {
      await session.close();
    }
  },
});
