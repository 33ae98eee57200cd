/*
 * Which editors become real, and when: those near the viewport once it rests, one per frame, so that scrolling through
 * a long notebook never waits for one.
 */
export interface Mountable extends Element {
  mountNow(): void;
}

const REST_MS = 120;

const nearby = new Set<Mountable>();
let observer: IntersectionObserver | undefined;
let isScheduled = false;
let isReady = false;
let lastScroll = -REST_MS;

/** Mounts the element once it comes near the viewport. */
export function watch(element: Mountable): void {
  observer ??= observeScrolling();
  observer.observe(element);
}

function observeScrolling(): IntersectionObserver {
  document.addEventListener("scroll", () => (lastScroll = performance.now()), { passive: true });
  return new IntersectionObserver(onIntersection, { rootMargin: "200px" });
}

export function unwatch(element: Mountable): void {
  observer?.unobserve(element);
  nearby.delete(element);
}

/** Nothing is mounted before the editor's code is here. */
export function startMounting(): void {
  isReady = true;
  schedule();
}

function onIntersection(entries: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) nearby.add(target as Mountable);
    else nearby.delete(target as Mountable);
  }
  schedule();
}

function schedule(): void {
  if (isScheduled || !isReady || nearby.size === 0) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    // After the frame is drawn.
    setTimeout(mountNext);
  });
}

function mountNext(): void {
  const rest = lastScroll + REST_MS - performance.now();
  if (rest > 0) {
    setTimeout(mountNext, rest);
    return;
  }
  isScheduled = false;
  const [next] = nearby;
  if (!next) return;
  unwatch(next);
  next.mountNow();
  schedule();
}
