import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { docsPages } from "./docs-pages.js";
import { readerPage } from "./reader-page.js";

const root = resolve(import.meta.dirname, "..");
// `npm run dev` leaves alone what other commands run from, and what runs must not lose its files while they are built again.
const isWatching = process.argv.includes("--watch");
const dist = resolve(root, isWatching ? "dist-dev" : "dist");

/** The page for which most people come: the browser fetches its code beside the shell's, not after it. */
function preloadNotebookPage(): Plugin {
  return {
    name: "preload-notebook-page",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((item) => item.type === "chunk");
        const page = chunks.find(({ facadeModuleId }) =>
          facadeModuleId?.endsWith("/notebook/notebook-page.ts"),
        );
        const entry = chunks.find(({ isEntry }) => isEntry);
        return [page?.fileName ?? "", ...(page?.imports ?? [])]
          .filter((file) => file !== "" && file !== entry?.fileName && entry?.imports.includes(file) !== true)
          .map((file) => ({
            injectTo: "head",
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
          }));
      },
    },
  };
}

/** What markdown-it asks of a package that is larger than the rest of it, the browser does by itself. */
function takeNamedEntities(): Plugin {
  return {
    name: "take-named-entities",
    enforce: "pre",
    applyToEnvironment: ({ name }) => name === "client",
    resolveId: {
      filter: { id: /^entities$/ },
      handler: () => join(import.meta.dirname, "elements/named-entity.ts"),
    },
  };
}

/** What a style sheet imports is watched by nobody else. */
function watchStyles(): Plugin {
  const folder = join(import.meta.dirname, "styles");
  return {
    name: "watch-styles",
    applyToEnvironment: ({ name }) => isWatching && name === "client",
    buildStart() {
      for (const file of [join(import.meta.dirname, "app.css"), ...stylesIn(folder)]) this.addWatchFile(file);
    },
  };
}

function stylesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".css"))
    .map((name) => join(folder, name));
}

/** Node reads the source map of every file that it loads, and needs no text of the sources in it. */
function slimServerMaps(): Plugin {
  return {
    name: "slim-server-maps",
    applyToEnvironment: ({ name }) => name === "ssr",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.endsWith(".map")) continue;
        const { sourcesContent: _text, ...map } = JSON.parse(String(file.source)) as Record<string, unknown>;
        file.source = JSON.stringify(map);
      }
    },
  };
}

/** The licences of the packages that are inside what is built: they want to go where their code goes. */
function keepLicenses(): Plugin {
  return {
    name: "keep-licenses",
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const texts = [...new Set(folders)].sort().flatMap((folder) => {
        const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
        const name = folder.replace(/^.*\/node_modules\//, "");
        return file === undefined ? [] : [`${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`];
      });
      const source = texts.join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licenses.txt", source });
    },
  };
}

// One `vite build` makes both halves: dist/client for the browser, dist/server for Node.
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: resolve(root, "node_modules/.cache/vite"),
  builder: {},
  plugins: [
    preloadNotebookPage(),
    takeNamedEntities(),
    watchStyles(),
    slimServerMaps(),
    keepLicenses(),
    docsPages(),
    readerPage(),
  ],
  environments: {
    client: {
      build: {
        outDir: resolve(dist, "client"),
        emptyOutDir: !isWatching,
        target: "es2022",
        sourcemap: true,
        // The content security policy allows neither inline scripts nor data: URLs beyond images.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    },
    ssr: {
      consumer: "server",
      // Packages too: a command starts faster from a few files. DuckDB's native binding cannot be inside.
      resolve: { noExternal: true, external: ["@duckdb/node-bindings"] },
      build: {
        ssr: true,
        outDir: resolve(dist, "server"),
        emptyOutDir: !isWatching,
        target: "node20",
        sourcemap: true,
        rolldownOptions: {
          input: {
            main: resolve(root, "server/main.ts"),
            worker: resolve(root, "server/engine/duckdb/worker/worker.ts"),
            "array-feeder": resolve(root, "server/engine/duckdb/worker/array-feeder.ts"),
            "workbook-process": resolve(root, "server/intake/workbook-process.ts"),
          },
          // Flat, so that a path relative to import.meta.url is the same from every chunk.
          output: { entryFileNames: "[name].js", chunkFileNames: "chunk-[name]-[hash].js" },
        },
      },
    },
  },
});
