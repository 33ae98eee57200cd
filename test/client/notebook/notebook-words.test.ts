import { expect, test } from "vitest";
import { languageContext } from "../../../client/notebook/notebook-words.js";

const words = { files: ["input/a.csv"], datasets: [], functions: [], keywords: ["SELECT"] };
const facts = { hasErrors: false, isDataset: false, lake: [], files: [], parameters: [] };
const span = { start: 0, end: 0 };

test("what a name in a cell may stand for comes from the notebook and from around it", () => {
  const columns = [{ name: "city", type: "VARCHAR", kind: "text" as const }];
  const view = {
    cells: [
      { name: "a", kind: "sql", columns, options: { description: "All" }, span, bodySpan: span, ...facts },
      { name: "b", kind: "check", options: { description: 1 }, span, bodySpan: span, ...facts },
    ],
    parameters: [{ name: "day", type: "date", isList: false, defaultValue: null }],
  } as const;
  expect(languageContext(view, words)).toEqual({
    cells: [
      { name: "a", kind: "sql", columns, description: "All" },
      { name: "b", kind: "check" },
    ],
    lake: [],
    files: ["input/a.csv"],
    functions: [],
    parameters: [{ name: "day", type: "date" }],
    keywords: ["SELECT"],
  });
});

test("nothing of the notebook while it is not here yet", () => {
  expect(languageContext(undefined, words)).toMatchObject({
    cells: [],
    parameters: [],
    keywords: ["SELECT"],
  });
});
