import { processConsole } from "./cli/console.js";
import { runCommandLine } from "./cli/main.js";

const controller = new AbortController();
let interrupts = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    controller.abort();
    // Whoever asks twice does not want to wait.
    if (++interrupts > 1) process.kill(process.pid, "SIGKILL");
  });
}
// A reader that closes the pipe (`lakebook query ... | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), processConsole, controller.signal);
