interface DragListener {
  /** Pixels from where the drag began. */
  onMove(distance: number): void;
  onEnd(): void;
}

/** Follows the pointer from a column's edge until it is released. */
export function dragColumn(start: PointerEvent, listener: DragListener): void {
  start.preventDefault();
  const end = new AbortController();
  const stop = (): void => {
    end.abort();
    listener.onEnd();
  };
  const options = { signal: end.signal };
  window.addEventListener("pointermove", (event) => listener.onMove(event.clientX - start.clientX), options);
  window.addEventListener("pointerup", stop, options);
  window.addEventListener("pointercancel", stop, options);
}
