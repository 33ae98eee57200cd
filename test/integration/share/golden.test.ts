import { join } from "node:path";
import { expect, test } from "vitest";
import { notebook, useApi } from "../api/harness.js";

const controls = `
Look at a **town**, from a day on.

\`\`\`yaml
input: town
type: select
label: Town
options: [Bilbao, Sevilla]
default: Bilbao
\`\`\`

\`\`\`yaml
input: since
type: date
label: From this day on
default: "2025-01-02"
\`\`\`

\`\`\`yaml
chart: by_day
title: Visits by day
from: chosen
mark: barY
x: day
y: sum(visits)
color: town
width: half
\`\`\`
`;

const shared = useApi({
  "input/visits.csv": "town,day,visits\nBilbao,2025-01-01,3\nBilbao,2025-01-02,4\nSevilla,2025-01-03,\n",
  "notebooks/visits.md":
    notebook(
      {
        "cell: visits\n--| materialize: parquet\n--| description: Visits by day\n--| checks:\n--|   - not_null: {columns: [visits], severity: warn}":
          "SELECT * FROM 'input/visits.csv'",
        "cell: chosen": "SELECT * FROM visits WHERE town = $town AND day >= $since",
        "check: none_negative": "SELECT * FROM visits WHERE visits < 0",
        "cell: broken": "SELECT CAST(town AS INTEGER) AS n FROM visits",
      },
      "title: Visits\ndescription: What towns see",
    ) + controls,
});

/** What differs each time, and what a build makes, is left out; a tag begins a line. */
function normalized(html: string): string {
  return html
    .replace(/<style>.*?<\/style>/s, "<style>…</style>")
    .replace(/<script>.*?<\/script>/s, "<script>…</script>")
    .replace(/ script-src 'sha256-[^']*';/, "")
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "(a time)")
    .replace(/run date \d{4}-\d\d-\d\d/g, "run date (a date)")
    .replace(/<div class="(wide|narrow)"><svg .*?<\/svg><\/div>/gs, '<div class="$1">(a drawing)</div>')
    .replace(/(?<!^|\n)<(?!\/)/g, "\n<");
}

test("an exported file is made of what it was made of before", async () => {
  await shared.api.run("visits");
  const answer = await shared.api.request("GET", "/api/notebooks/visits/export?format=html");
  const html = normalized(await answer.text());
  expect(html).not.toContain(shared.api.root);
  await expect(html).toMatchFileSnapshot(join(import.meta.dirname, "exported.html.txt"));
});
