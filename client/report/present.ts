import { iconLines } from "../styles/icon-lines.js";

/** How to leave, from outside. */
export interface Presentation {
  end(): void;
}

/** Shows a report's sections one at a time on the whole screen: arrows, Page up and down, blank, Home, End, Escape. */
export function present(report: HTMLElement): Presentation {
  const sections = [...report.querySelectorAll<HTMLElement>(".report-section")];
  const opener = document.activeElement;
  const inSight = sections.findIndex((section) => section.getBoundingClientRect().bottom > innerHeight / 3);
  let at = Math.max(0, inSight);

  const bar = document.createElement("div");
  bar.className = "present-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Presentation");
  const place = document.createElement("span");
  place.setAttribute("role", "status");
  const back = button("left", "Back", () => {
    go(at - 1);
  });
  const next = button("right", "Next", () => {
    go(at + 1);
  });
  bar.append(back, place, next, button("close", "Leave", end));

  function go(to: number): void {
    at = Math.min(Math.max(0, to), sections.length - 1);
    for (const [index, section] of sections.entries()) section.classList.toggle("is-current", index === at);
    place.textContent = `${String(at + 1)} of ${String(sections.length)}`;
    back.disabled = at === 0;
    next.disabled = at === sections.length - 1;
    report.scrollTop = 0;
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") end();
    else {
      const to =
        event.ctrlKey || event.altKey || event.metaKey ? undefined : placeOf(event, at, sections.length);
      if (to === undefined || isTaken(event)) return;
      go(to);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Escape leaves the whole screen before the page hears of it. */
  function onFullscreen(): void {
    if (document.fullscreenElement === null) end();
  }

  let isOver = false;
  function end(): void {
    if (isOver) return;
    isOver = true;
    document.removeEventListener("keydown", onKey, true);
    document.removeEventListener("fullscreenchange", onFullscreen);
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    report.classList.remove("presenting");
    bar.remove();
    const current = sections[at];
    for (const section of sections) section.classList.remove("is-current");
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    current?.scrollIntoView({ block: "start" });
  }

  report.classList.add("presenting");
  report.append(bar);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("fullscreenchange", onFullscreen);
  // Where that is refused it fills the window.
  report.requestFullscreen().catch(() => undefined);
  go(at);
  next.focus({ preventScroll: true });
  return { end };
}

function placeOf({ key, shiftKey }: KeyboardEvent, at: number, count: number): number | undefined {
  if (key === "ArrowRight" || key === "PageDown" || (key === " " && !shiftKey)) return at + 1;
  if (key === "ArrowLeft" || key === "PageUp" || (key === " " && shiftKey)) return at - 1;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}

/** A field, a list or a table has its own use for it; a button has one for blanks. */
function isTaken(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof Element)) return false;
  return (
    target.closest("input, select, textarea, [role=grid], .table") !== null ||
    (event.key === " " && target.closest("button, a, summary") !== null)
  );
}

function button(icon: keyof typeof iconLines, label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "icon";
  made.append(drawIcon(iconLines[icon]));
  made.title = label;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

/** As icon.ts does, of which a report by itself has nothing. */
function drawIcon(line: string): SVGElement {
  const svg = "http://www.w3.org/2000/svg";
  const [icon, path] = [document.createElementNS(svg, "svg"), document.createElementNS(svg, "path")];
  for (const [name, value] of Object.entries({
    width: "14",
    height: "14",
    viewBox: "0 0 14 14",
    "aria-hidden": "true",
  }))
    icon.setAttribute(name, value);
  for (const [name, value] of Object.entries({
    d: line,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.4",
    "stroke-linecap": "round",
  }))
    path.setAttribute(name, value);
  icon.append(path);
  return icon;
}
