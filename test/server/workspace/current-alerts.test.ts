import { expect, onTestFinished, test } from "vitest";
import { currentAlerts, openWorkspace } from "../../../server/workspace/workspace.js";
import { createWorkspace, removeWorkspace } from "../../support/workspace.js";

test("whom lakebook.yaml names is read anew; while it cannot be read, it is whom it named at the start", async () => {
  const files = await createWorkspace({ "lakebook.yaml": "alerts: {to: [first@example.com]}\n" });
  onTestFinished(() => removeWorkspace(files));
  const workspace = await openWorkspace(files.root);
  const told = async () => (await currentAlerts(workspace))?.to;
  expect(await told()).toEqual(["first@example.com"]);
  await files.write("lakebook.yaml", "alerts: {to: [second@example.com]}\n");
  expect(await told()).toEqual(["second@example.com"]);
  await files.write("lakebook.yaml", "alerts: {to: [");
  expect(await told()).toEqual(["first@example.com"]);
  await files.write("lakebook.yaml", "");
  expect(await told()).toBeUndefined();
});
