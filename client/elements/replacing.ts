import { html, nothing, type TemplateResult } from "lit";
import type { Api } from "../../server/api/protocol.js";
import { api } from "../api-client.js";

export type Delivery = Api["GET /api/input"]["answer"]["files"][number];

/** What is known of a file of `input/`. Undefined where the server does not say. */
export async function findDelivery(path: string): Promise<Delivery | undefined> {
  const files = await api.deliveries().then(
    (answer) => answer.files,
    () => [],
  );
  return files.find((file) => file.path === path);
}

/** What it means to replace that file, before it is done. */
export function renderReplacing(delivery: Delivery | undefined): TemplateResult | typeof nothing {
  if (delivery === undefined) return nothing;
  return html`<p class="replacing">${sentences(delivery).join(" ")}</p>`;
}

function sentences({ status, date = "", mayBeReplaced, readers }: Delivery): string[] {
  if (!mayBeReplaced) return ["A run reads the file itself right now: wait for its end."];
  const next = `the next run of ${date} or later takes the new content.`;
  switch (status) {
    case "published":
      return [`It is published for ${date}, which stays as it is; ${next}`];
    case "changed":
      return [`An earlier content is published for ${date}, which stays as it is; ${next}`];
    case "failed":
      return [
        `A run for ${date} failed with it; ${next}`,
        "Start a new run: to retry the failed one would read the old content again.",
      ];
    case "being_read":
      return [`A run for ${date} reads a copy of it, and goes on with that; ${next}`];
    case "new":
      return [
        readers.length === 0
          ? "No notebook reads it."
          : `No run has read it yet; the next run of ${readers.join(" or ")} takes the new content.`,
      ];
  }
}
