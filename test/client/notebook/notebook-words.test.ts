import { expect, test } from "vitest";
import { languageContext } from "../../../client/notebook/notebook-words.js";

const words = { files: ["input/a.csv"], datasets: [], functions: [], keywords: ["SELECT"] };
const span = { start: 0, end: 0 };
const facts = {
  span,
  bodySpan: span,
  hasErrors: false,
  isDataset: false,
  lake: [],
  files: [],
  parameters: [],
};

test("what a name in a cell may stand for comes from the notebook and from around it", () => {
  const columns = [{ name: "city", type: "VARCHAR", kind: "text" as const }];
  const day = { name: "day", type: "date", isList: false, defaultValue: null } as const;
  const city = { name: "city", type: "string", isList: false, defaultValue: "BCN" };
  const top = { name: "top", type: "integer", isList: false, defaultValue: 5, description: "How many" };
  const view = {
    cells: [
      { name: "a", kind: "sql", columns, options: { description: "All" }, ...facts },
      { name: "b", kind: "check", options: { description: 1 }, ...facts },
      { name: "city", kind: "input", options: { label: "Where", parameter: city }, ...facts },
      { name: "top", kind: "input", options: { parameter: top }, ...facts },
    ],
    parameters: [day],
  } as const;
  expect(languageContext(view, words, { top: 7 })).toEqual({
    cells: [
      { name: "a", kind: "sql", columns, description: "All" },
      { name: "b", kind: "check" },
      { name: "city", kind: "input" },
      { name: "top", kind: "input" },
    ],
    lake: [],
    files: ["input/a.csv"],
    functions: [],
    parameters: [
      { name: "day", type: "date", value: "null" },
      { name: "city", type: "string", value: '"BCN"', cell: "city", description: "Where" },
      { name: "top", type: "integer", value: "7", cell: "top", description: "How many" },
    ],
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
