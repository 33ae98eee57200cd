import { verifyLake } from "../../lake/verify.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { openLakeSession, requireLake } from "../session.js";

export const verify = defineCommand({
  summary: "read every file of the lake and say which is missing or damaged",
  arguments: "",
  positionals: { min: 0, max: 0 },
  options: {
    quick: { type: "boolean", help: "compare sizes only, not the content of files" },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ values, console }) {
    const session = await openLakeSession({ workspace: values.workspace ?? "." });
    try {
      const problems = await verifyLake(requireLake(session), { deep: values.quick !== true });
      if (values.json === true) console.out(`${JSON.stringify({ problems }, null, 2)}\n`);
      else {
        for (const problem of problems)
          console.out(`${problem.code}: ${problem.message}\n  ${problem.path}\n  ${problem.hint}\n`);
        console.out(
          problems.length === 0
            ? "The lake is what its log says.\n"
            : `${String(problems.length)} problems.\n`,
        );
      }
      return problems.length === 0 ? 0 : 1;
    } finally {
      await session.close();
    }
  },
});
