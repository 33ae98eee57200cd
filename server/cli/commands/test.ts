import { AppError } from "../../base/errors.js";
import { runTests, type TestRun } from "../../workbench/tests/run-tests.js";
import { listNotebooks, toNotebookName } from "../../workspace/notebook-files.js";
import { defineCommand, jsonOption, workspaceOption } from "../command.js";
import { openReadSession, type ReadSession } from "../session.js";
import { testLines } from "../test-lines.js";

export const test = defineCommand({
  summary: "run the tests of a notebook, or of all, on nothing but their own rows",
  arguments: "[<notebook>]",
  positionals: { min: 0, max: 1 },
  options: {
    test: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "only this one; may be given several times",
    },
    ...jsonOption,
    ...workspaceOption,
  },
  async run({ positionals: [notebook], values, console, signal }) {
    if (notebook === undefined && values.test !== undefined)
      throw new AppError("usage", "--test needs the notebook that has the test.");
    const session = await openReadSession({ workspace: values.workspace ?? "." });
    try {
      const names = notebook === undefined ? await namesOf(session) : [toNotebookName(notebook)];
      const runs: { readonly notebook: string; readonly run: TestRun }[] = [];
      for (const name of names) {
        const analyzed = await session.notebooks.analyze(await session.notebooks.read(name));
        runs.push({ notebook: name, run: await runTests(session, analyzed, values.test, signal) });
      }
      const failed = runs.reduce((sum, { run }) => sum + run.failed, 0);
      if (values.json === true) {
        const tests = runs.flatMap(({ notebook: of, run }) =>
          run.tests.map((each) => ({ notebook: of, ...each })),
        );
        console.out(`${JSON.stringify({ tests, passed: tests.length - failed, failed }, null, 2)}\n`);
      } else for (const { notebook: of, run } of runs) console.out(testLines(of, run));
      return failed === 0 ? 0 : 3;
    } finally {
      await session.close();
    }
  },
});

function namesOf({ workspace }: ReadSession): Promise<readonly string[]> {
  return listNotebooks(workspace);
}
