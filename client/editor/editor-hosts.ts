import type { RunMode } from "./editor-events.js";
import type { Definition, SqlLanguageService } from "./language-service.js";

/** What an editor needs of the element that it is in. */
export interface EditorHost {
  cellName(): string;
  languageService(): SqlLanguageService | undefined;
  onSourceChange(value: string, isTyped: boolean): void;
  onCursor(): void;
  onRun(mode: RunMode): void;
  onPreview(): void;
  onFormat(): void;
  onDefinition(definition: Definition): void;
}

const hosts = new Map<string, EditorHost>();
let serial = 0;

/** A new address for the text of an editor. Providers and actions exist once per page and find their editor by it. */
export function addHost(host: EditorHost): string {
  serial += 1;
  // Monaco shows the last part as a file's name.
  const uri = `inmemory://cells/${serial}/${encodeURIComponent(host.cellName() || "cell")}`;
  hosts.set(uri, host);
  return uri;
}

export function removeHost(uri: string): void {
  hosts.delete(uri);
}

export function findHost(uri: string | undefined): EditorHost | undefined {
  return uri === undefined ? undefined : hosts.get(uri);
}
