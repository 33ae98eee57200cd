import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Api, LocatedDiagnostic } from "../../server/api/protocol.js";
import { api } from "../api-client.js";
import { may, session } from "../session.js";
import type { CellFacts } from "../store/document.js";

type Problem = Api["GET /api/spark"]["answer"]["problem"];

/** Where a cell is computed, or that it asks for a Spark that cannot. */
export interface EngineStanding {
  readonly engine: "duckdb" | "spark" | "none";
  readonly words: string;
}

/** What is known of the server's Spark, which it looks at once for all cells of the page. Fires `change`. */
class SparkStanding extends EventTarget {
  #isAsked = false;
  #problem: Problem;

  ask(): void {
    if (this.#isAsked || session.me?.hasSpark !== true || !may("run")) return;
    this.#isAsked = true;
    void api.spark().then(
      ({ problem }) => {
        this.#problem = problem;
        this.dispatchEvent(new Event("change"));
      },
      () => undefined,
    );
  }

  /** It may be there by now, or gone. */
  askAgain(): void {
    this.#isAsked = false;
    this.ask();
  }

  /** `diagnostics`: of the cell. */
  of({ options }: CellFacts, diagnostics: readonly LocatedDiagnostic[]): EngineStanding {
    if (options["engine"] !== "spark") return { engine: "duckdb", words: "duckdb" };
    const why = this.#whyNot(diagnostics);
    return why === undefined
      ? { engine: "spark", words: "spark" }
      : { engine: "none", words: `can't run on Spark: ${why}` };
  }

  #whyNot(diagnostics: readonly LocatedDiagnostic[]): string | undefined {
    const misfit = diagnostics.find(({ code }) => code === "not-on-spark");
    if (misfit !== undefined) return misfit.message.replace(/^Spark can't run this: /, "");
    if (session.me?.hasSpark !== true) return "no Spark is set on this server";
    return this.#problem?.message;
  }
}

export const sparkStanding = new SparkStanding();

/** Draws an element anew when more is known of the server's Spark. */
export class FollowSpark implements ReactiveController {
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    sparkStanding.addEventListener("change", this.#onChange);
  }

  hostDisconnected(): void {
    sparkStanding.removeEventListener("change", this.#onChange);
  }

  readonly #onChange = (): void => {
    this.#host.requestUpdate();
  };
}
