// What `npm ci` runs at its end, so that `npm start` and `npx lakebook` need nothing more.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

// npx, at its first call in a checkout, links the checkout into its cache and prepares it once more. What is built
// stays as it is then: a server may be running from it.
if (process.env.npm_command !== "exec") process.exitCode = prepare();

function prepare() {
  if (!existsSync(`${root}node_modules/vite`)) {
    process.stderr.write(
      "Nothing is built: the development dependencies are not installed. dist/ stays as it is.\n",
    );
    return 0;
  }
  return spawnSync("npm run --silent build", { cwd: root, stdio: "inherit", shell: true }).status ?? 1;
}
