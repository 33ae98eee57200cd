// Monaco's worker, as a file of our own: the content security policy allows no blob: URL.
import "monaco-editor/editor/editor.worker.js";
