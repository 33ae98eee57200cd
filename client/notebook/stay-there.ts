/** By these somebody goes somewhere else. */
const leaving = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

let leave: (() => void) | undefined;

/**
 * Brings an element to the top, unless all of it can be seen, and keeps it where it then is: what lies above it may
 * grow for long after, as results, charts and editors come. Until somebody scrolls, types or presses something.
 */
export function goAndStay(find: () => Element | null | undefined): void {
  leave?.();
  const place = find();
  if (place === null || place === undefined) return;
  const isSeen = isInSight(place);
  let top = place.getBoundingClientRect().top;
  let height = 0;
  const hold = (): void => {
    const now = find();
    if (now === null || now === undefined) return;
    // What is near the end of the page can be at the top only once there is more below it.
    if (isSeen) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
    else now.scrollIntoView({ block: "start", behavior: "instant" });
    top = now.getBoundingClientRect().top;
    height = document.documentElement.scrollHeight;
  };
  const onScroll = (): void => {
    const isSettled = document.documentElement.scrollHeight === height;
    // Neither ours nor the browser's own anchoring: a scrollbar was drawn.
    if (isSettled && Math.abs((find()?.getBoundingClientRect().top ?? top) - top) > 2) leave?.();
  };
  hold();
  const observer = new ResizeObserver(hold);
  observer.observe(document.body);
  const main = document.querySelector("main.blocks");
  if (main !== null) observer.observe(main);
  const abort = new AbortController();
  leave = () => {
    observer.disconnect();
    abort.abort();
    leave = undefined;
  };
  const how = { capture: true, passive: true, signal: abort.signal };
  for (const event of leaving) window.addEventListener(event, leave, how);
  window.addEventListener("hashchange", leave, how);
  window.addEventListener("scroll", onScroll, how);
}

function isInSight(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  const bar = document.querySelector("run-bar")?.getBoundingClientRect().bottom ?? 0;
  return top >= bar && bottom <= innerHeight;
}
