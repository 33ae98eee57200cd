import { readFile } from "node:fs/promises";
import { join } from "node:path";

const notebook = "customer_courier_conversations";
export const inputFiles = ["customer_courier_chat_messages.json", "orders.json"];

interface PlainCell {
  readonly name: string;
  readonly sql: string;
  readonly partitionBy: readonly string[];
  readonly csv: boolean;
}

/** What the plain script is told to do. */
export interface PlainPlan {
  readonly input: readonly string[];
  readonly out: string;
  readonly memoryLimit: string | null;
  /** The cells of a stage are written side by side. */
  readonly stages: readonly (readonly PlainCell[])[];
}

export const edited = "aggregations";
export const joined = notebook;

const stages = [
  ["customer_courier_chat_messages_enhanced", "orders"],
  ["first_message_senders", "first_responsetime_delays", "last_message_order_stage", edited],
  [joined],
];

/** The notebook's own SQL for a script that knows no notebook: names are views, parameters are literals. */
export async function planPlain(
  workspace: string,
  inputFolder: string,
  out: string,
  memoryLimit: string | null,
  files: readonly string[] = inputFiles,
): Promise<PlainPlan> {
  const text = await readFile(join(workspace, "notebooks", `${notebook}.md`), "utf8");
  const cells = new Map([...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, body = ""]) => readCell(body)));
  return {
    input: files.map((file) => join(inputFolder, file)),
    out,
    memoryLimit,
    stages: stages.map((names) =>
      names.map((name) => {
        const cell = cells.get(name);
        if (cell === undefined) throw new Error(`The notebook has no cell "${name}"`);
        return cell;
      }),
    ),
  };
}

function readCell(body: string): readonly [string, PlainCell] {
  const lines = body.split("\n");
  const options = lines.filter((line) => line.startsWith("--|")).join("\n");
  const name = /^--\| cell: (\w+)/.exec(options)?.[1] ?? "";
  const partitionBy = /partition_by: \[(.*?)\]/.exec(options)?.[1]?.split(", ") ?? [];
  const sql = lines
    .filter((line) => !line.startsWith("--|"))
    .join("\n")
    .replaceAll("$courier_app", "'Courier App'")
    .trim();
  return [name, { name, sql, partitionBy, csv: /materialize: \[.*csv/.test(options) }];
}
