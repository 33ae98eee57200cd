import { expect, test } from "vitest";
import { Histogram, metricsText } from "../../../server/operate/measures/metrics-text.js";

test("a measure is written with its help, its type and a line for each sample", () => {
  const text = metricsText([
    {
      name: "runs_total",
      help: "Runs that\nended, \\ and all.",
      type: "counter",
      samples: [{ labels: { outcome: "failed", notebook: "a" }, value: 2 }, { value: 1.5 }],
    },
    { name: "empty", help: "Nothing.", type: "gauge", samples: [] },
  ]);
  expect(text).toBe(
    '# HELP runs_total Runs that\\nended, \\\\ and all.\n# TYPE runs_total counter\nruns_total{outcome="failed",notebook="a"} 2\nruns_total 1.5\n' +
      "# HELP empty Nothing.\n# TYPE empty gauge\n",
  );
});

test("a label's value cannot end its quotes or its line", () => {
  const samples = [{ labels: { name: 'a"} 1\nevil 2 \\' }, value: 0 }];
  const text = metricsText([{ name: "m", help: "H", type: "gauge", samples }]);
  expect(text.split("\n")[2]).toBe(String.raw`m{name="a\"} 1\nevil 2 \\"} 0`);
  expect(text.split("\n")).toHaveLength(4);
});

test.each([
  [NaN, "NaN"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [1e21, "1e+21"],
  [0, "0"],
])("the number %s is written as %s", (value, written) => {
  const text = metricsText([{ name: "m", help: "H", type: "gauge", samples: [{ value }] }]);
  expect(text).toContain(`\nm ${written}\n`);
});

test("a histogram counts in each bucket what is at most its bound, and everything in the last", () => {
  const histogram = new Histogram([1, 5]);
  for (const value of [0.5, 1, 3, 7]) histogram.add(value);
  expect(histogram.samples()).toEqual([
    { suffix: "_bucket", labels: { le: "1" }, value: 2 },
    { suffix: "_bucket", labels: { le: "5" }, value: 3 },
    { suffix: "_bucket", labels: { le: "+Inf" }, value: 4 },
    { suffix: "_sum", value: 11.5 },
    { suffix: "_count", value: 4 },
  ]);
});
