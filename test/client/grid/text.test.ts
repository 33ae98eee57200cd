import { expect, test } from "vitest";
import { indentJson } from "../../../client/grid/indent-json.js";
import { toTsv } from "../../../client/grid/to-tsv.js";

const columns = [
  { name: "id", type: "BIGINT", kind: "integer" },
  { name: "a\tb", type: "VARCHAR", kind: "text" },
  { name: "c", type: "STRUCT(x INTEGER)", kind: "struct" },
] as const;

test("toTsv quotes what would break a line, and keeps every digit", () => {
  const rows = [
    ["9007199254740993", 'say "hi"\nthere', { x: 1 }],
    [null, "", null],
  ];
  expect(toTsv(rows, columns, { left: 0, right: 2 }, true)).toBe(
    'id\t"a\tb"\tc\n9007199254740993\t"say ""hi""\nthere"\t"{""x"":1}"\n\t\t',
  );
  expect(toTsv(rows, columns, { left: 0, right: 0 }, false)).toBe("9007199254740993\n");
});

test.each([
  ['{"a":1,"b":[1,2,{}],"c":[]}', '{\n  "a": 1,\n  "b": [\n    1,\n    2,\n    {}\n  ],\n  "c": []\n}'],
  ['{"n":12345678901234567890.10}', '{\n  "n": 12345678901234567890.10\n}'],
  ['"a, b: {c}"', '"a, b: {c}"'],
  ['[["x\\"]"]]', '[\n  [\n    "x\\"]"\n  ]\n]'],
  ['{"unclosed', '{"unclosed'],
])("indentJson spreads %s", (text, expected) => expect(indentJson(text)).toBe(expected));
