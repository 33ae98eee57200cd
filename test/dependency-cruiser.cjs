/**
 * The rooms of the server, in their order: a room imports itself and what stands above it in this list, unless the
 * second column names all that it may import.
 */
const rooms = [
  ["base"],
  ["text"],
  ["notebook"],
  ["chart", ["base", "text", "notebook"]],
  ["report", ["base", "text", "notebook"]],
  ["graph", ["base", "text", "notebook"]],
  ["lineage", ["base", "text"]],
  ["engine", ["base", "text", "notebook", "chart", "graph"]],
  ["lake", ["base"]],
  ["people", ["base", "text", "lake"]],
  ["incremental", ["base", "text", "graph", "lake"]],
  ["workspace", ["base", "text", "notebook", "graph"]],
  ["intake", ["base", "text", "notebook", "engine", "lake", "workspace"]],
  ["analysis"],
  ["runs"],
  ["rows"],
  ["workbench"],
  ["share"],
  ["export"],
  ["import", ["base", "text", "notebook"]],
  ["operate"],
  ["api"],
  ["agents", ["base", "text", "people", "api"]],
  ["cli"],
];
const main = "^server/main\\.ts$";
const duckdb = "^server/engine/duckdb/";
const plot = "@observablehq/plot";
const bothSides = ["base", "text", "notebook", "chart", "report"];
const pure = inside(["base", "text", "notebook", "chart", "report", "graph", "lineage", "import"]);
const tests = "^test/";

function inside(folders) {
  return `^server/(${folders.join("|")})/`;
}

function roomRule([room, listed], index) {
  const above = listed ?? rooms.slice(0, index).map(([other]) => other);
  return {
    name: `room-${room}`,
    comment: `server/${room} imports only itself and: ${above.join(", ") || "nothing"}.`,
    severity: "error",
    from: { path: inside([room]) },
    to: { path: "^server/", pathNot: inside([room, ...above]) },
  };
}

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "not-resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },

    ...rooms.map(roomRule),
    {
      name: "unknown-room",
      comment: "A new folder of the server needs its place in test/dependency-cruiser.cjs.",
      severity: "error",
      from: { path: "^server/.*\\.ts$", pathNot: [main, inside(rooms.map(([room]) => room))] },
      to: {},
    },
    {
      name: "unknown-room-imported",
      comment: "A new folder of the server needs its place in test/dependency-cruiser.cjs.",
      severity: "error",
      from: {},
      to: { path: "^server/.*\\.ts$", pathNot: [main, inside(rooms.map(([room]) => room))] },
    },

    {
      name: "pure-rooms-know-no-node",
      comment:
        "Disk, network and clock belong to the rooms below. Only base/hash.ts hashes, only base/durable.ts writes.",
      severity: "error",
      from: { path: pure, pathNot: "^server/base/(hash|durable)\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "hash-needs-crypto-only",
      severity: "error",
      from: { path: "^server/base/hash\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "pure-rooms-use-pure-packages",
      severity: "error",
      from: { path: pure },
      to: {
        path: "node_modules/",
        pathNot: `node_modules/(zod|yaml|markdown-it|croner|node-diff3|@huggingface/jinja|${plot})/`,
      },
    },
    {
      name: "plot-draws-charts-only",
      comment: "A chart's drawing stands in server/chart.",
      severity: "error",
      from: { path: "^server/", pathNot: inside(["chart", "export"]) },
      to: { path: `node_modules/${plot}/` },
    },
    {
      name: "plot-is-handed-in",
      comment:
        "server/chart has its types only: the page loads it with the first chart, an export when it has one.",
      severity: "error",
      from: { path: inside(["chart"]) },
      to: { path: `node_modules/${plot}/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "duckdb-package-in-one-folder",
      severity: "error",
      from: { pathNot: [duckdb, tests] },
      to: { path: "node_modules/@duckdb/|^@duckdb/" },
    },
    {
      name: "duckdb-folder-behind-its-interface",
      comment: "Import server/engine/engine.ts. Only main and cli make the engine, with duckdb-engine.ts.",
      severity: "error",
      from: { pathNot: [duckdb, main, inside(["cli"]), tests] },
      to: { path: duckdb },
    },
    {
      name: "duckdb-folder-has-one-door",
      severity: "error",
      from: { path: [main, inside(["cli"])] },
      to: { path: duckdb, pathNot: "^server/engine/duckdb/duckdb-engine\\.ts$" },
    },
    {
      name: "spark-protocol-in-one-folder",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/engine/spark/connect/" },
      to: { path: "node_modules/@(connectrpc|bufbuild)/|/spark/connect/generated/" },
    },
    {
      name: "spark-folder-has-one-door",
      comment: "Import server/engine/engine.ts. Only cli makes the engine, with spark-engine.ts.",
      severity: "error",
      from: { path: "^server/", pathNot: "^server/engine/spark/" },
      to: { path: "^server/engine/spark/", pathNot: "^server/engine/spark/spark-engine\\.ts$" },
    },
    {
      name: "spark-engine-made-in-cli-only",
      severity: "error",
      from: { path: "^server/", pathNot: ["^server/engine/spark/", inside(["cli"])] },
      to: { path: "^server/engine/spark/" },
    },
    {
      name: "worker-knows-no-parent",
      comment: "What runs in a worker process imports nothing of the process that keeps workers.",
      severity: "error",
      from: { path: `${duckdb}(parse|worker|verbs)/` },
      to: { path: `${duckdb}(pool/|duckdb-engine)` },
    },
    {
      name: "parent-knows-no-worker",
      comment: "The process that keeps workers reaches them by messages only: see protocol.ts.",
      severity: "error",
      from: { path: `${duckdb}(pool/|duckdb-engine)` },
      to: { path: `${duckdb}(worker|verbs)/` },
    },
    {
      name: "parser-knows-no-worker",
      comment: "Reading a query's tree, or its plan, needs no running instance.",
      severity: "error",
      from: { path: `${duckdb}(parse|lineage)/` },
      to: { path: `${duckdb}(worker|verbs)/` },
    },
    {
      name: "http-in-api-only",
      severity: "error",
      from: { path: "^server/", pathNot: [inside(["api", "cli"]), main] },
      to: { path: "node_modules/(@hono|hono)/" },
    },

    {
      name: "client-sees-protocol-and-both-sides",
      comment: `The client knows api/protocol.js, and what is pure on both sides: ${bothSides.join(", ")}.`,
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^server/", pathNot: ["^server/api/protocol\\.ts$", inside(bothSides)] },
    },
    {
      name: "client-takes-values-from-both-sides-only",
      comment: "Of the protocol, types: import type … from server/api/protocol.js.",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^server/", pathNot: inside(bothSides), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "both-sides-reach-no-node",
      comment: "What a page may load imports neither base/hash.ts nor base/durable.ts, which need Node.",
      severity: "error",
      from: { path: ["^client/", inside(bothSides)], pathNot: "^server/base/(hash|durable)\\.ts$" },
      to: { path: "^server/base/(hash|durable)\\.ts$" },
    },
    {
      name: "client-knows-no-node",
      severity: "error",
      from: { path: "^client/", pathNot: "^client/(vite\\.config|docs-pages|reader-page)\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "server-knows-no-client",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^client/" },
    },
    {
      name: "product-knows-no-test",
      severity: "error",
      from: { path: "^(server|client)/" },
      to: { path: tests },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|test/artifacts|test/notebooks)/" },
    // Before compilation: imports of types count too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "test/tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".cjs", ".d.ts"],
    },
  },
};
