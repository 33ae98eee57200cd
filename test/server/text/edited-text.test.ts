import { expect, test } from "vitest";
import { EditedText } from "../../../server/text/edited-text.js";

test("places of an edited text lead back to the original", () => {
  const original = "FROM 'a' JOIN 'b' USING (id)";
  const { start } = { start: original.indexOf("'b'") };
  const edited = new EditedText(original, [
    { span: { start, end: start + 3 }, text: "read('x', 'y')" },
    { span: { start: 5, end: 8 }, text: "''" },
  ]);
  expect(edited.text).toBe("FROM '' JOIN read('x', 'y') USING (id)");
  const back = (part: string): string => {
    const from = edited.text.indexOf(part);
    const span = edited.toOriginal({ start: from, end: from + part.length });
    return original.slice(span.start, span.end);
  };
  for (const part of ["FROM ", "FROM", "JOIN", "USING", " USING (id)", "id"]) expect(back(part)).toBe(part);
  expect([back("''"), back("'x'"), back("read('x', 'y')"), back("'y') USING")]).toEqual([
    "'a'",
    "'b'",
    "'b'",
    "'b' USING",
  ]);
  expect(back(edited.text)).toBe(original);
});
