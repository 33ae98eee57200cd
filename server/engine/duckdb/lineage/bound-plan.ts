import { hashOf } from "../../../base/hash.js";
import { isNode, nodesOf, textOf, type TreeNode } from "../parse/tree.js";
import { SEPARATOR, type TableKey } from "./plan-lineage.js";

/** Where a query stands in its text says nothing of what it gives. */
const PLACES = new Set(["query_location"]);
/** Of a scan: what lists the columns of the table, whether they are read or not, and what names the table. */
const ALL_COLUMNS = new Set(["names", "returned_types", "column_indexes", "function_data"]);

interface Bound {
  readonly key: string;
  /** Keys of traces. */
  readonly columns: ReadonlySet<string>;
}

/**
 * A plan without the columns of tables that it does not name. Undefined where it reads something else than tables by their
 * columns, or takes a sample, which depends on how rows are stored.
 */
export function boundPlan(plan: TreeNode, keyOf: TableKey): Bound | undefined {
  const walk = new BoundWalk(keyOf);
  const key = hashOf(walk.simplify(plan));
  return walk.isCertain ? { key, columns: walk.columns } : undefined;
}

class BoundWalk {
  readonly columns = new Set<string>();
  isCertain = true;
  readonly #keyOf: TableKey;

  constructor(keyOf: TableKey) {
    this.#keyOf = keyOf;
  }

  simplify(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.simplify(item));
    if (!isNode(value)) return value;
    if (value.type === "LOGICAL_SAMPLE") this.isCertain = false;
    return value.type === "LOGICAL_GET" && value["name"] === "seq_scan"
      ? { ...this.#fields(value, ALL_COLUMNS), read: this.#read(value) }
      : this.#fields(value, PLACES);
  }

  #fields(node: TreeNode, without: ReadonlySet<string>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(node).flatMap(([name, value]) =>
        without.has(name) || PLACES.has(name) ? [] : [[name, this.simplify(value)]],
      ),
    );
  }

  /** The table, and the columns that are read, by their names and types. */
  #read(node: TreeNode): unknown {
    const data = isNode(node["function_data"]) ? node["function_data"] : {};
    const { catalog, schema, table } = data;
    const key = this.#keyOf({ catalog: textOf(catalog), schema: textOf(schema), table: textOf(table) });
    const [names, types] = [node["names"], node["returned_types"]];
    const extra = node["extra_info"];
    const isSampled = isNode(extra) && extra["sample_options"] !== null;
    if (key === undefined || !Array.isArray(names) || !Array.isArray(types) || isSampled) {
      this.isCertain = false;
      return undefined;
    }
    const columns = nodesOf(node["column_indexes"]).map(({ index, ...part }) => {
      const name: unknown = names[Number(index)];
      if (name === undefined) return part;
      this.columns.add(`${key}${SEPARATOR}${textOf(name)}`);
      return { name, type: types[Number(index)] as unknown, part };
    });
    return [key, columns];
  }
}
