import { expect, test } from "vitest";
import { sourcesOf } from "../../../client/graph/graph-sources.js";

test("each file and each dataset of the lake is one node before the cells that read it", () => {
  const { cells, edges } = sourcesOf([
    { name: "a", files: ["input/x.csv", "input/x.csv"], lake: ["lake.old"] },
    { name: "b", files: ["input/x.csv", "input/*.json"], lake: [] },
    { name: "c", files: [], lake: [] },
  ]);
  expect(cells.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    "file input/x.csv",
    "lake lake.old",
    "file input/*.json",
  ]);
  expect(edges).toEqual([
    ["input/x.csv", "a"],
    ["lake.old", "a"],
    ["input/x.csv", "b"],
    ["input/*.json", "b"],
  ]);
});
