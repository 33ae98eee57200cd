export interface Typed {
  readonly text: string;
  /** Ended by Enter. */
  readonly isEntered: boolean;
}

export const nothingTyped: Typed = { text: "", isEntered: false };

/** Waits for what is about to open. What is typed meanwhile is meant for it, and no command of the page: it is returned. */
export async function typedMeanwhile(coming: Promise<unknown>): Promise<Typed> {
  let { text, isEntered } = nothingTyped;
  const take = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isEntered) return;
    if (event.key === "Enter") isEntered = true;
    else if (event.key === "Backspace") text = text.slice(0, -1);
    else if (event.key.length === 1) text += event.key;
  };
  window.addEventListener("keydown", take, { capture: true });
  try {
    await coming;
  } finally {
    window.removeEventListener("keydown", take, { capture: true });
  }
  return { text, isEntered };
}
