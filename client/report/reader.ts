import "./reader.css";
import { addControls } from "./choose.js";
import { present } from "./present.js";
import { sortedRows, type Direction, type ShownValue } from "./sort-rows.js";

/*
 * The one script of a report behind a link or in a file, which can be read without it. It asks nobody for anything, and
 * what it shows it takes from the page as text.
 */
const report = document.querySelector<HTMLElement>(".report");
if (report !== null) {
  livenAll(report);
  addControls(report, livenAll);
  addPresenting(report);
  for (const contents of report.querySelectorAll<HTMLElement>(".report-contents nav"))
    contents.addEventListener("click", () => {
      contents.parentElement?.removeAttribute("open");
    });
}

function livenAll(within: HTMLElement): void {
  for (const table of within.querySelectorAll<HTMLElement>(".table")) liven(table);
}

function liven(box: HTMLElement): void {
  const body = box.querySelector("tbody");
  const bar = box.previousElementSibling;
  const count = bar?.querySelector("span");
  if (body === null || bar === null || count === null || count === undefined) return;
  const rows = [...body.rows];
  const whole = count.textContent;
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "Search";
  search.setAttribute("aria-label", "Search in all columns");
  bar.prepend(search);
  search.addEventListener("input", () => {
    const wanted = search.value.toLowerCase();
    let found = 0;
    for (const row of rows) {
      const isFound =
        wanted === "" || [...row.cells].some((cell) => cell.textContent.toLowerCase().includes(wanted));
      row.hidden = !isFound;
      if (isFound) found++;
    }
    count.textContent = wanted === "" ? whole : `${String(found)} of ${whole.replace(/^The/, "the")}`;
  });
  const heads = [...box.querySelectorAll<HTMLElement>("thead th")];
  for (const [column, head] of heads.entries()) {
    const press = document.createElement("button");
    press.type = "button";
    press.title = "Sort";
    press.append(...head.childNodes);
    head.append(press);
    press.addEventListener("click", () => {
      const next = nextDirection(head.getAttribute("aria-sort"));
      for (const other of heads) other.removeAttribute("aria-sort");
      if (next !== undefined) head.setAttribute("aria-sort", next);
      const order =
        next === undefined
          ? rows.keys()
          : sortedRows(
              rows.map((row) => valueOf(row.cells[column])),
              head.classList.contains("number"),
              next,
            );
      body.append(...[...order].flatMap((index) => rows[index] ?? []));
    });
  }
}

/** Ascending, descending, none. */
function nextDirection(now: string | null): Direction | undefined {
  return now === null ? "ascending" : now === "ascending" ? "descending" : undefined;
}

function valueOf(cell: HTMLTableCellElement | undefined): ShownValue {
  return {
    text: cell?.dataset["value"] ?? cell?.textContent ?? "",
    isNull: cell?.classList.contains("null") ?? true,
  };
}

function addPresenting(report: HTMLElement): void {
  if (report.querySelector(".report-section") === null) return;
  const press = document.createElement("button");
  press.type = "button";
  press.className = "present-button outlined";
  press.textContent = "Present";
  press.title = "Full screen, section by section";
  press.addEventListener("click", () => {
    present(report);
  });
  report.prepend(press);
}
