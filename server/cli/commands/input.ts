import { listDeliveries } from "../../operate/list-deliveries.js";
import type { DeliveryView } from "../../operate/delivery-view.js";
import { RunStore } from "../../runs/run-store.js";
import { formatBytes } from "../../text/format.js";
import { openWorkspace } from "../../workspace/workspace.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { ExitCode } from "../exit-code.js";
import { escapeControls, formatTable } from "../format.js";
import { callServer, findServer } from "../run-client.js";
import { openReadSession } from "../session.js";

export const input = defineCommand({
  summary: "what became of each file in input/, and whether it may be replaced",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: { ...jsonOption, ...workspaceOption },
  async run({ values, console }): Promise<ExitCode> {
    const files = await findDeliveries(values.workspace ?? ".");
    if (values.json === true) {
      console.out(`${JSON.stringify({ files }, null, 2)}\n`);
      return 0;
    }
    if (files.length === 0) console.out("input/ is empty.\n");
    else
      console.out(
        `${formatTable(
          ["file", "size", "came", "what became of it", "may be replaced"],
          files.map(({ path, bytes, at, message, isGrowing, mayBeReplaced }) => [
            escapeControls(path),
            formatBytes(bytes),
            at.slice(0, 19).replace("T", " "),
            escapeControls(isGrowing ? `${message} (it may still grow)` : message),
            mayBeReplaced ? "yes" : "not now",
          ]),
        )}\n`,
      );
    return 0;
  },
});

async function findDeliveries(folder: string): Promise<readonly DeliveryView[]> {
  const { state } = await openWorkspace(folder);
  const server = await findServer(state);
  if (server !== undefined) return (await callServer(server, "GET /api/input", {})).files;
  const session = await openReadSession({ workspace: folder });
  const { workspace, notebooks, lake } = session;
  try {
    const store = lake && new RunStore(lake.paths.runs);
    return await listDeliveries({ workspace, notebooks, lake, store, now: Date.now() });
  } finally {
    await session.close();
  }
}
