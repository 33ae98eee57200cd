/**
 * The floors of the server. A folder imports itself and what lies on a lower floor, unless the second column names
 * all that it may import. Folders of the same floor do not know each other.
 */
const floors = [
  ["base", 0],
  ["notebook", 1],
  ["sql", 1],
  ["generate", 1],
  ["chart", 1.5, ["base", "notebook"]],
  ["graph", 1.5],
  ["engine", 2],
  ["lake", 3, ["base"]],
  ["workspace", 3, ["base", "notebook", "generate"]],
  ["intake", 3.5, ["base", "notebook", "engine", "workspace"]],
  ["runs", 4],
  ["share", 4.3],
  ["export", 4.6],
  ["api", 5],
  ["cli", 5.5],
];
const main = "^server/main\\.ts$";
const duckdb = "^server/engine/duckdb/";
const pure = inside(["base", "notebook", "sql", "generate", "chart", "graph"]);
const tests = "^test/";

function inside(folders) {
  return `^server/(${folders.join("|")})/`;
}

function floorRule([folder, floor, listed]) {
  const lower = floors.filter(([, other]) => other < floor).map(([name]) => name);
  return {
    name: `floor-${folder}`,
    comment: `server/${folder} imports only itself and: ${(listed ?? lower).join(", ") || "nothing"}.`,
    severity: "error",
    from: { path: inside([folder]) },
    to: { path: "^server/", pathNot: inside([folder, ...(listed ?? lower)]) },
  };
}

module.exports = {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "not-resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },

    ...floors.map(floorRule),
    {
      name: "unknown-floor",
      comment: "A new folder of the server needs its floor in test/dependency-cruiser.cjs.",
      severity: "error",
      from: { path: "^server/.*\\.ts$", pathNot: [main, inside(floors.map(([folder]) => folder))] },
      to: {},
    },
    {
      name: "unknown-floor-imported",
      comment: "A new folder of the server needs its floor in test/dependency-cruiser.cjs.",
      severity: "error",
      from: {},
      to: { path: "^server/.*\\.ts$", pathNot: [main, inside(floors.map(([folder]) => folder))] },
    },

    {
      name: "pure-floors-know-no-node",
      comment: "Disk, network and clock belong to the floors above. Only base/hash.ts may hash.",
      severity: "error",
      from: { path: pure, pathNot: "^server/base/hash\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "hash-needs-crypto-only",
      severity: "error",
      from: { path: "^server/base/hash\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "pure-floors-use-pure-packages",
      severity: "error",
      from: { path: pure },
      to: { path: "node_modules/", pathNot: "node_modules/(zod|yaml|markdown-it|croner)/" },
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
      name: "http-in-api-only",
      severity: "error",
      from: { path: "^server/", pathNot: [inside(["api", "cli"]), main] },
      to: { path: "node_modules/(@hono|hono)/" },
    },

    {
      name: "client-sees-protocol-types-only",
      comment: "import type … from server/api/protocol.js, nothing else.",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^server/", pathNot: "^server/api/protocol\\.ts$" },
    },
    {
      name: "client-imports-types-from-server",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^server/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "client-knows-no-node",
      severity: "error",
      from: { path: "^client/", pathNot: "^client/vite\\.config\\.ts$" },
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
