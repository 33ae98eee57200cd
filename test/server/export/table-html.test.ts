import { expect, test } from "vitest";
import { tableToHtml } from "../../../server/export/table-html.js";

test("numbers are shown as the cell says, and everything else as it is", () => {
  const html = tableToHtml(
    {
      columns: [
        { name: "share", type: "DOUBLE", kind: "float", format: "percent" },
        { name: "city", type: "VARCHAR", kind: "text", format: "percent" },
      ],
      rows: [
        [0.125, "0.125"],
        [null, "<b>"],
        [1, ""],
      ],
      totalRows: 3,
    },
    10,
    "Shares",
  );
  expect(html).toContain('<td class="number" data-value="0.125">12.5\u202f%</td><td>0.125</td>');
  expect(html).toContain('<td class="null">NULL</td><td>&lt;b&gt;</td>');
  expect(html).toContain('<td class="empty" data-value="">empty</td>');
});
