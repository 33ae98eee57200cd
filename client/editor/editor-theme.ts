import { currentScheme, onSchemeChange } from "./color-scheme.js";
import { editor } from "./monaco.js";
import { widgetsNode } from "./widgets-node.js";

const themeName = "lakebook";
const clear = "#00000000";

/** Each part of the editor, and the custom property of the page that colours it. */
const colors: Readonly<Record<string, string>> = {
  "editor.foreground": "--sql-text",
  foreground: "--sql-text",
  "editorCursor.foreground": "--sql-text",
  "editorLineNumber.foreground": "--sql-faint",
  "editorLineNumber.activeForeground": "--sql-text",
  "editor.selectionBackground": "--sql-selection",
  "editor.inactiveSelectionBackground": "--sql-selection",
  "editor.selectionHighlightBackground": "--sql-selection",
  "editor.findMatchBackground": "--sql-selection",
  "editor.findMatchHighlightBackground": "--sql-selection",
  "editor.findMatchBorder": "--sql-accent",
  "editorBracketMatch.background": "--sql-selection",
  "editorError.foreground": "--sql-error",
  "editorWarning.foreground": "--sql-warning",
  "editorInfo.foreground": "--sql-accent",
  "editorMarkerNavigation.background": "--sql-raised",
  "editorMarkerNavigationError.background": "--sql-error",
  "editorMarkerNavigationWarning.background": "--sql-warning",
  "editorMarkerNavigationInfo.background": "--sql-accent",
  "editorWidget.foreground": "--sql-text",
  "editorWidget.background": "--sql-raised",
  "editorWidget.border": "--sql-line",
  "editorHoverWidget.background": "--sql-raised",
  "editorHoverWidget.foreground": "--sql-text",
  "editorHoverWidget.border": "--sql-line",
  "editorHoverWidget.statusBarBackground": "--sql-hover",
  "editorSuggestWidget.background": "--sql-raised",
  "editorSuggestWidget.foreground": "--sql-text",
  "editorSuggestWidget.border": "--sql-line",
  "editorSuggestWidget.selectedBackground": "--sql-selection",
  "editorSuggestWidget.selectedForeground": "--sql-text",
  "editorSuggestWidget.focusHighlightForeground": "--sql-accent",
  "editorSuggestWidget.highlightForeground": "--sql-accent",
  "list.hoverBackground": "--sql-hover",
  "menu.background": "--sql-raised",
  "menu.foreground": "--sql-text",
  "menu.border": "--sql-line",
  "menu.separatorBackground": "--sql-line",
  "menu.selectionBackground": "--sql-selection",
  "menu.selectionForeground": "--sql-text",
  "input.background": "--sql-hover",
  "input.foreground": "--sql-text",
  "input.border": "--sql-line",
  focusBorder: "--sql-accent",
  "textLink.foreground": "--sql-accent",
  "textCodeBlock.background": "--sql-hover",
};
const styles = ["keyword", "type", "function", "string", "number", "parameter", "comment", "option"];

/** Gives all editors the page's colours, now and when the page turns light or dark. Called once. */
export function followPageColors(): void {
  applyColors();
  onSchemeChange(applyColors);
}

function applyColors(): void {
  const read = colorReader();
  const scheme = currentScheme();
  const base = scheme === "dark" ? "vs-dark" : "vs";
  editor.defineTheme(themeName, {
    base,
    inherit: true,
    rules: [
      { token: "", foreground: read("--sql-text").slice(1) },
      ...styles.map((style) => ({
        token: style,
        foreground: read(`--sql-${style}`).slice(1),
        ...(style === "comment" && { fontStyle: "italic" }),
      })),
    ],
    colors: {
      ...Object.fromEntries(Object.entries(colors).map(([part, property]) => [part, read(property)])),
      "editor.background": clear,
      "editorGutter.background": clear,
      "editor.lineHighlightBackground": clear,
      "editor.lineHighlightBorder": clear,
      "editorBracketMatch.border": clear,
      "widget.shadow": scheme === "dark" ? "#00000080" : "#1e262b24",
    },
  });
  editor.setTheme(themeName);
  widgetsNode().className = `monaco-editor ${base} sql-cell-widgets`;
}

/** Monaco takes hexadecimal colours only; the browser works out what a custom property comes to. */
function colorReader(): (property: string) => string {
  const probe = document.createElement("span");
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return (property) => {
    probe.style.color = `var(${property})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    if (!canvas) return "#808080";
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const channels = [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
  };
}
