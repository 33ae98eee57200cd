/** Edges of a graph, by name. Absent means none. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** Everything that can be reached from the given names, without them (unless they lie on a cycle). */
export function reachableFrom(names: Iterable<string>, edges: Edges): Set<string> {
  const reached = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const next of edges.get(name) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(next);
    }
  }
  return reached;
}

export function reverseEdges(edges: Edges): Map<string, string[]> {
  const reversed = new Map<string, string[]>();
  for (const [from, targets] of edges) {
    for (const to of targets) reversed.set(to, [...(reversed.get(to) ?? []), from]);
  }
  return reversed;
}

/**
 * Orders names so that parents come first; ties keep the given order, so that runs repeat.
 * What lies on a cycle, or below one, is left out.
 */
export function topologicalOrder(names: readonly string[], parents: Edges): string[] {
  const known = new Set(names);
  const missing = new Map<string, number>();
  const children = new Map<string, string[]>();
  for (const name of names) {
    const own = new Set((parents.get(name) ?? []).filter((parent) => known.has(parent)));
    missing.set(name, own.size);
    for (const parent of own) {
      const list = children.get(parent);
      if (list) list.push(name);
      else children.set(parent, [name]);
    }
  }
  const position = new Map(names.map((name, index) => [name, index]));
  const ready = names.filter((name) => missing.get(name) === 0);
  const order: string[] = [];
  for (let at = 0; at < ready.length; at++) {
    const name = ready[at] as string;
    order.push(name);
    const freed: string[] = [];
    for (const child of children.get(name) ?? []) {
      const left = (missing.get(child) ?? 0) - 1;
      missing.set(child, left);
      if (left === 0) freed.push(child);
    }
    ready.push(...freed.sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)));
  }
  return order;
}

/** Each cycle once, as the names on the way round, beginning with the first in the given order. */
export function findCycles(names: readonly string[], parents: Edges): string[][] {
  const components = stronglyConnected(names, parents);
  return components
    .filter(
      (component) =>
        component.length > 1 || (parents.get(component[0] as string) ?? []).includes(component[0] as string),
    )
    .map((component) => wayRound(component, names, parents));
}

/** A shortest way from the component's first name back to itself, against the edges to the parents. */
function wayRound(component: readonly string[], names: readonly string[], parents: Edges): string[] {
  const members = new Set(component);
  const start = names.find((name) => members.has(name)) as string;
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let at = 0; at < waiting.length; at++) {
    const name = waiting[at] as string;
    for (const parent of parents.get(name) ?? []) {
      if (parent === start) return trace(name, cameFrom, start);
      if (!members.has(parent) || cameFrom.has(parent)) continue;
      cameFrom.set(parent, name);
      waiting.push(parent);
    }
  }
  return [...component];
}

/** `last` is a parent of `start`; `cameFrom` leads from it through its children back to `start`. */
function trace(last: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const way = [start];
  for (let name = last; name !== start; name = cameFrom.get(name) as string) way.push(name);
  return way;
}

/** Tarjan's algorithm without recursion, so that a chain of 100,000 cells is no problem. */
function stronglyConnected(names: readonly string[], edges: Edges): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const components: string[][] = [];
  for (const root of names) {
    if (index.has(root)) continue;
    const work: { name: string; next: number }[] = [{ name: root, next: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1] as { name: string; next: number };
      const { name } = frame;
      if (frame.next === 0) {
        index.set(name, index.size);
        low.set(name, index.get(name) as number);
        stack.push(name);
        onStack.add(name);
      }
      const target = (edges.get(name) ?? [])[frame.next++];
      if (target !== undefined) {
        if (!index.has(target)) work.push({ name: target, next: 0 });
        else if (onStack.has(target))
          low.set(name, Math.min(low.get(name) as number, index.get(target) as number));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) low.set(parent.name, Math.min(low.get(parent.name) as number, low.get(name) as number));
      if (low.get(name) !== index.get(name)) continue;
      const component: string[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component.push(member);
        if (member === name) break;
      }
      components.push(component);
    }
  }
  return components;
}
