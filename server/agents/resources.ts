import { ResourceTemplate, type McpServer, type ServerContext } from "@modelcontextprotocol/server";
import type { Ask } from "../api/ask.js";
import { asData } from "./answer.js";
import { sqlReference } from "./sql-reference.js";

type Reading = <T>(context: ServerContext, action: (ask: Ask) => Promise<T>) => Promise<T>;

/** Notebooks, datasets and how SQL is written here, for clients that let people pick what an agent reads. */
export function registerResources(server: McpServer, reading: Reading): void {
  server.registerResource(
    "sql",
    "lakebook://sql",
    {
      title: "SQL in Lakebook",
      description: "What SQL may read and name, and what is refused",
      mimeType: "text/markdown",
    },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: "text/markdown", text: sqlReference }] }),
  );

  server.registerResource(
    "notebook",
    new ResourceTemplate("lakebook://notebooks/{name}", {
      list: async (context) => {
        const notebooks = await reading(context, (ask) => ask("GET /api/notebooks", {}));
        return {
          resources: notebooks.map(({ name, title }) => ({
            uri: `lakebook://notebooks/${encodeURIComponent(name)}`,
            name,
            title,
            mimeType: "text/markdown",
          })),
        };
      },
    }),
    { title: "Notebook", description: "Text of a notebook", mimeType: "text/markdown" },
    async (uri, { name }, context) => {
      const params = { name: decodeURIComponent(String(name)) };
      const view = await reading(context, (ask) => ask("GET /api/notebooks/{name}", { params }));
      return { contents: [{ uri: uri.href, mimeType: "text/markdown", text: asData(view.text) }] };
    },
  );

  server.registerResource(
    "dataset",
    new ResourceTemplate("lakebook://datasets/{name}", {
      list: async (context) => {
        const { datasets } = await reading(context, (ask) => ask("GET /api/lake", { query: { dates: 1 } }));
        return {
          resources: datasets
            .filter(({ isLatest }) => isLatest)
            .map(({ dataset, description }) => ({
              uri: `lakebook://datasets/${encodeURIComponent(dataset)}`,
              name: dataset,
              mimeType: "application/json",
              ...(description === undefined ? {} : { description }),
            })),
        };
      },
    }),
    {
      title: "Dataset",
      description: "Columns and origin of a published dataset",
      mimeType: "application/json",
    },
    async (uri, { name }, context) => {
      const params = { date: "latest", dataset: decodeURIComponent(String(name)) };
      const { partitions: _partitions, ...detail } = await reading(context, (ask) =>
        ask("GET /api/lake/{date}/{dataset}", { params }),
      );
      const text = asData(JSON.stringify(detail));
      return { contents: [{ uri: uri.href, mimeType: "text/plain", text }] };
    },
  );
}
