import { chmod, mkdir, stat } from "node:fs/promises";
import { AppError, isSystemError } from "../base/errors.js";
import { withDiskErrors } from "../base/disk-error.js";

/** Only this user may look into it. Fails with code disk where it cannot be made or something else is in its place. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await withDiskErrors(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      if (!isSystemError(error, "EEXIST", "ENOTDIR")) throw error;
    });
    if (!(await stat(folder)).isDirectory())
      throw new AppError("disk", `"${folder}" is not a folder: Lakebook keeps its private state there.`, {
        hint: "Move it away, then start again.",
      });
    await chmod(folder, 0o700);
  });
}
