import { describe, expectTypeOf, test } from "vitest";
import { addressOf, api, call } from "../../client/api-client.js";
import type { Api, NotebookView, RunView } from "../../server/api/protocol.js";

// Checked by the compiler: nothing of it is called.
describe("what is asked of the server has the types of its routes", () => {
  test("an answer is what the route declares", () => {
    expectTypeOf<Api["GET /api/runs/{id}"]["answer"]>().toEqualTypeOf<RunView>();
    expectTypeOf(api.notebook).returns.resolves.toExtend<NotebookView>();
    expectTypeOf<Api["GET /api/lake/{date}/{dataset}/download"]["answer"]>().toBeNever();
  });

  test("an unknown route, a missing or misspelt parameter and a wrong body are errors", () => {
    expectTypeOf(call<"GET /api/runs/{id}">)
      .parameter(1)
      .toExtend<{ params: Readonly<{ id: string }> }>();
    const wrong = (): unknown[] => [
      // @ts-expect-error There is no such route.
      call("GET /api/run/{id}", { params: { id: "1" } }),
      // @ts-expect-error A parameter is missing.
      call("GET /api/runs/{id}", {}),
      // @ts-expect-error A parameter is misspelt.
      call("GET /api/runs/{id}", { params: { run: "1" } }),
      // @ts-expect-error The query has no such name.
      addressOf("GET /api/runs", { query: { notebok: "sales" } }),
      // @ts-expect-error The body has another key.
      call("POST /api/lake/vacuum", { body: { dry: true } }),
    ];
    expectTypeOf(wrong).toBeFunction();
  });
});
