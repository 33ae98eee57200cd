import { resolve } from "node:path";
import { build, type Plugin } from "vite";

interface Built {
  readonly script: string;
  readonly style: string;
}

/** Script and style sheet of a report by itself, each in one file with everything in it, fonts too: dist/client/reader. */
export function readerPage(): Plugin {
  return {
    name: "reader-page",
    applyToEnvironment: ({ name }) => name === "client",
    async generateBundle() {
      const { script, style } = await buildReader();
      this.emitFile({ type: "asset", fileName: "reader/reader.js", source: script });
      this.emitFile({ type: "asset", fileName: "reader/reader.css", source: style });
    },
  };
}

async function buildReader(): Promise<Built> {
  const results = await build({
    configFile: false,
    logLevel: "warn",
    root: import.meta.dirname,
    build: {
      write: false,
      target: "es2022",
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      lib: {
        entry: resolve(import.meta.dirname, "report/reader.ts"),
        formats: ["iife"],
        name: "reader",
        cssFileName: "reader",
      },
    },
  });
  const output = [results].flat().flatMap((result) => ("output" in result ? result.output : []));
  const script = output.find((file) => file.type === "chunk")?.code;
  const style = output.find((file) => file.type === "asset" && file.fileName.endsWith(".css"));
  if (script === undefined || style?.type !== "asset") throw new Error("The reader was not built.");
  return { script, style: String(style.source) };
}
