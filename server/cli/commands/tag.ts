import { listTags, toTagView, type TagListing } from "../../runs/tag-listing.js";
import { AppError } from "../../base/errors.js";
import { toNotebookName } from "../../workspace/notebook-files.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import type { Console } from "../console.js";
import { formatTable } from "../format.js";
import { workOnLake } from "../lake-writer.js";
import { callServer } from "../run-client.js";
import { openLakeSession } from "../session.js";
import { noWaitOption, turnOf } from "../take-turn.js";

export const tag = defineCommand({
  summary: "give what is published for a date a name, so that vacuum keeps it; without a name list the tags",
  arguments: "[<notebook> [<date> [NAME]]]",
  positionals: { min: 0, max: 3 },
  options: {
    delete: { type: "boolean", help: "take the name back" },
    ...noWaitOption,
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals, values, console, signal }) {
    const [notebook, date, name] = positionals;
    const workspace = values.workspace ?? ".";
    const isDeleted = values.delete === true;
    if (notebook === undefined || date === undefined || name === undefined) {
      if (isDeleted)
        throw new AppError("usage", "Which tag is to be deleted is not said.", {
          hint: "Usage: lakebook tag <notebook> <date> NAME --delete",
        });
      const tags = (await readTags(workspace)).filter(
        (item) =>
          (notebook === undefined || item.notebook === toNotebookName(notebook)) &&
          (date === undefined || item.date === date),
      );
      if (values.json === true) console.out(`${JSON.stringify({ tags }, null, 2)}\n`);
      else printTags(console, tags);
      return 0;
    }
    const body = { notebook: toNotebookName(notebook), date, name };
    const result = await workOnLake<TagListing>({
      workspace,
      turn: turnOf(values, console, signal),
      audit: { what: isDeleted ? "remove tag" : "tag", ...body },
      byServer: (server) =>
        callServer(server, isDeleted ? "POST /api/lake/tags/delete" : "POST /api/lake/tags", { body }),
      here: async (lake) => toTagView(lake, await (isDeleted ? lake.untag(body) : lake.tag(body))),
    });
    if (values.json === true) console.out(`${JSON.stringify(result, null, 2)}\n`);
    else
      console.out(
        `Publication ${String(result.number)} of ${body.notebook} for ${date} is ${isDeleted ? "no longer " : ""}${name}.\n`,
      );
    return 0;
  },
});

async function readTags(workspace: string): Promise<readonly TagListing[]> {
  const session = await openLakeSession({ workspace });
  try {
    return session.lake === undefined ? [] : listTags(session.lake);
  } finally {
    await session.close();
  }
}

function printTags(console: Console, tags: readonly TagListing[]): void {
  if (tags.length === 0) {
    console.out("There are no tags.\n");
    return;
  }
  const rows = tags.map(({ notebook, name, date, number, isCurrent, datasets, at }) => [
    notebook,
    name,
    `${date}@${String(number)}`,
    isCurrent ? "shown" : "",
    datasets.join(", "),
    at,
  ]);
  console.out(`${formatTable(["notebook", "tag", "publication", "", "datasets", "given at"], rows, 80)}\n`);
}
