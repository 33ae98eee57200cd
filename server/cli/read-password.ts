import { createInterface } from "node:readline";
import { AppError } from "../base/errors.js";
import type { Console } from "./console.js";

/**
 * A password that is typed twice at a terminal without being shown, else the first line of standard input. Fails with code
 * usage where the two differ or there is none, and with code cancelled after Ctrl+C.
 */
export async function readPassword(console: Console, signal: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) return readFirstLine(signal);
  const password = await readHidden("Password: ", console);
  if (password === (await readHidden("Again: ", console))) return password;
  throw new AppError("usage", "The two passwords differ.", { hint: "Nothing was changed. Try again." });
}

async function readFirstLine(signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, signal });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    process.stdin.unref();
  }
  throw new AppError("usage", "There is no password.", {
    hint: "It is the first line of standard input, or is typed at a terminal.",
  });
}

const ENTER = /[\r\n]/;
const [CTRL_C, CTRL_D, BACKSPACE, DELETE] = ["\u0003", "\u0004", "\b", "\u007f"];

function readHidden(prompt: string, console: Console): Promise<string> {
  const { stdin } = process;
  console.err(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const end = (settle: () => void): void => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      console.err("\n");
      settle();
    };
    const take = (text: string): void => {
      for (const key of text) {
        if (ENTER.test(key)) {
          end(() => {
            resolve(typed.join(""));
          });
          return;
        }
        if (key === CTRL_C || key === CTRL_D) {
          end(() => {
            reject(new AppError("cancelled", "Nothing was changed."));
          });
          return;
        }
        if (key === BACKSPACE || key === DELETE) typed = typed.slice(0, -1);
        else typed.push(key);
      }
    };
    stdin.on("data", take);
  });
}
