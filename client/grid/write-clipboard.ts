/** Writes to the clipboard. Away from localhost and HTTPS a browser has no API for it but its own copy command. */
export async function writeClipboard(text: string): Promise<void> {
  // The types promise it, a page that came over plain HTTP has none.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard) await clipboard.writeText(text);
  else copyByCommand(text);
}

function copyByCommand(text: string): void {
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", onCopy, { capture: true, once: true });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- There is no other way without a secure context.
  document.execCommand("copy");
  document.removeEventListener("copy", onCopy, { capture: true });
}
