export type ColorScheme = "light" | "dark";

/** What `light-dark()` follows on this page: the `color-scheme` of the root, and the system where that leaves it open. */
export function currentScheme(): ColorScheme {
  const schemes = getComputedStyle(document.documentElement).colorScheme.split(/\s+/);
  const allowsDark = schemes.includes("dark");
  if (!allowsDark || !schemes.includes("light")) return allowsDark ? "dark" : "light";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls back when the system or the page changes between light and dark. The page lives as long as this does. */
export function onSchemeChange(callback: () => void): void {
  let known = currentScheme();
  const check = (): void => {
    const scheme = currentScheme();
    if (scheme === known) return;
    known = scheme;
    callback();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", check);
  new MutationObserver(check).observe(document.documentElement, { attributes: true });
}
