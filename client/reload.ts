const EVERY_MS = 500;

/** For builds of `npm run dev` only: there the server starts again whenever a part of the product was built again. */
export function reloadWithServer(): void {
  let first: string | undefined;
  setInterval(() => {
    void serverId().then((id) => {
      first ??= id;
      if (id !== undefined && id !== first) location.reload();
    });
  }, EVERY_MS);
}

/** Undefined while it starts. */
async function serverId(): Promise<string | undefined> {
  try {
    const response = await fetch("/healthz");
    return ((await response.json()) as { readonly id: string }).id;
  } catch {
    return undefined;
  }
}
