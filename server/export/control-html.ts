import type { SnapshotCell, SnapshotControl } from "../share/snapshot.js";
import { escapeHtml } from "../text/escape-html.js";
import { valueInWords } from "../text/value-in-words.js";

type Option = SnapshotControl["options"][number];

/** What a control was set to; where it switches, also the control itself, which the reader's script puts in its place. */
export function controlToHtml(title: string, cell: SnapshotCell, isLive: boolean): string {
  const { description, value, control, fixed } = cell;
  const more = description === undefined ? "" : `<small>${escapeHtml(description)}</small>`;
  const name = escapeHtml(title) + more;
  const note =
    fixed === undefined ? "" : `<p class="note">Only this choice is shown: ${escapeHtml(fixed)}.</p>`;
  const live = isLive && control !== undefined ? `<template>${liveToHtml(name, control)}</template>` : "";
  return `<dl><dt>${name}</dt><dd>${escapeHtml(valueInWords(value))}</dd></dl>${note}${live}`;
}

function liveToHtml(name: string, { kind, options, shown, missing }: SnapshotControl): string {
  const tick = (place: number, label: string): string =>
    `<label class="tick"><input type="checkbox" autocomplete="off"${(shown & (1 << place)) === 0 ? "" : " checked"}><span>${label}</span></label>`;
  switch (kind) {
    case "checkbox":
      return tick(0, name);
    case "several":
      return `<fieldset><legend>${name}</legend><div class="options"><label class="tick all"><input type="checkbox" autocomplete="off"><span>All</span></label>${options.map((option, place) => tick(place, escapeHtml(optionInWords(option)))).join("")}</div></fieldset>`;
    case "select":
      return `<label class="row"><span>${name}</span><select autocomplete="off">${options.map((option, place) => `<option${place === shown ? " selected" : ""}>${escapeHtml(place === 0 && missing === true ? missingInWords(option) : optionInWords(option))}</option>`).join("")}</select></label>`;
  }
}

/** What is chosen, and not offered. */
function missingInWords(option: Option): string {
  return option === null ? "Choose …" : `${optionInWords(option)} (not offered)`;
}

function optionInWords(option: Option): string {
  if (option === null) return "none";
  return option === "" ? "empty" : String(option);
}
