// What npm runs once it has changed node_modules, so that `npm start` and `npx lakebook` need nothing more. It is no
// `prepare`: that one would be in the package too, and npm asks whoever installs the package whether it may run.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

if (existsSync(`${root}node_modules/vite`)) {
  process.exitCode =
    spawnSync("npm run --silent build", { cwd: root, stdio: "inherit", shell: true }).status ?? 1;
} else {
  process.stderr.write(
    "Nothing is built: the development dependencies are not installed. dist/ stays as it is.\n",
  );
}
