#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../../dist/server/main.js", import.meta.url);

if (existsSync(main)) {
  process.setSourceMapsEnabled(true);
  await import(main.href);
} else {
  process.stderr.write("Lakebook is not built yet. Run `npm run build` first.\n");
  process.exitCode = 2;
}
