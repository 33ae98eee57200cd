/** Waits for what is about to open. What is typed meanwhile is meant for it, and no command of the page: it is returned. */
export async function typedMeanwhile(coming: Promise<unknown>): Promise<string> {
  let text = "";
  const take = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.key === "Backspace") text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
  };
  window.addEventListener("keydown", take, { capture: true });
  try {
    await coming;
  } finally {
    window.removeEventListener("keydown", take, { capture: true });
  }
  return text;
}
