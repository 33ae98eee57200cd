#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../../dist/server/main.js", import.meta.url);

if (existsSync(main)) {
  process.setSourceMapsEnabled(true);
  await import(main.href);
} else {
  const isCheckout = existsSync(new URL("../../client/vite.config.ts", import.meta.url));
  process.stderr.write(
    isCheckout
      ? "Lakebook is not built yet. Run `npm run build` first.\n"
      : "This installation of Lakebook is incomplete: dist/server is missing. Install it again.\n",
  );
  process.exitCode = 2;
}
