import type { Workspace } from "../workspace/workspace.js";

/** Where the workspace lies is nobody's business. */
export function withoutRoot(text: string, { root }: Pick<Workspace, "root">): string {
  return text.replaceAll(`${root}/`, "").replaceAll(root, ".");
}
