import { describe, expect, test } from "vitest";
import { parseRoute, toHash } from "../../client/router.js";

describe("the address of a notebook", () => {
  test.each([
    ["#/notebooks/sales?view=report", { view: "report" }],
    [
      "#/notebooks/sales/by_city?view=report&city=BCN",
      { cell: "by_city", view: "report", choices: "city=BCN" },
    ],
    ["#/notebooks/sales?view=cells&view=report", { choices: "view=report" }],
    ["#/notebooks/sales?city=BCN&view=report", { choices: "city=BCN&view=report" }],
    ["#/notebooks/sales?view=other", { choices: "view=other" }],
  ])("%s tells how it is shown apart from what is chosen", (hash, told) => {
    const route = parseRoute(hash);
    expect(route).toEqual({ page: "notebook", name: "sales", ...told });
    expect(parseRoute(toHash(route))).toEqual(route);
  });

  test("of a parameter that is called view, in the report too", () => {
    for (const view of [{}, { view: "report" as const }])
      for (const choices of ["view=report", "view=cells", "view=x&city=1", "city=1&view=2"]) {
        const route = { page: "notebook" as const, name: "sales", choices, ...view };
        expect(parseRoute(toHash(route))).toEqual(route);
      }
  });
});
