import type { Api, CellView } from "../server/api/protocol.js";
import { roleOf, type Permission, type Role } from "../server/base/roles.js";

export type Me = Api["GET /api/me"]["answer"];
/** By name and password, or by the server's token. */
export type LoginWay = "name" | "token";

/** Who looks at this page, and whether the server still knows them; fires `change`. */
class Session extends EventTarget {
  #me: Me | undefined;
  #loginWay: LoginWay | undefined;
  #waiting: (() => void)[] = [];
  #entries = 0;

  /** Undefined until somebody is known. */
  get me(): Me | undefined {
    return this.#me;
  }

  /** Undefined as long as nobody has to log in. */
  get loginWay(): LoginWay | undefined {
    return this.#loginWay;
  }

  /** Another number: somebody has logged in since. */
  get entries(): number {
    return this.#entries;
  }

  enter(me: Me): void {
    this.#entries++;
    this.#me = me;
    this.#loginWay = undefined;
    this.dispatchEvent(new Event("change"));
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  /** The server refuses who is not logged in. Settles once somebody is. */
  loggedOut(way: LoginWay): Promise<void> {
    const isNew = this.#loginWay === undefined;
    this.#loginWay = way;
    if (isNew) this.dispatchEvent(new Event("change"));
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export const session = new Session();

/** Whether the server would do it. True as long as nobody is known: the server decides. */
export function may(permission: Permission): boolean {
  return session.me?.can.includes(permission) ?? true;
}

/** Of a query. Where there is no Spark, and none is asked for, nobody is told where a cell is computed. */
export function tellsEngine({ kind, options }: Pick<CellView, "kind" | "options">): boolean {
  return kind === "sql" && (session.me?.hasSpark === true || options["engine"] !== undefined);
}

const doing: Readonly<Record<Permission, string>> = {
  read: "Reading",
  run: "Running",
  query: "SQL of your own",
  edit: "Editing",
  upload: "Adding files",
  share: "Sharing",
  keep: "Changing what was published",
  alerts: "This page",
  people: "This page",
};

/** For where somebody would look for what is not there: `Editing needs the role editor.` */
export function whyNot(permission: Permission): string {
  return `${doing[permission]} needs the role ${roleOf(permission)}.`;
}

/** As records and events name whoever looks at this page. */
export function ownName(): string | undefined {
  const { me } = session;
  return me?.kind === "token" ? `token ${me.name}` : me?.name;
}

/** Who did something, where that tells anything: without users all was the owner. */
export function shownBy(by: string | null | undefined): string | undefined {
  return by === null || (by === "owner" && session.me?.kind === "owner") ? undefined : by;
}

/** What a role may, in a sentence. */
export const roleWords: Readonly<Record<Role, string>> = {
  viewer: "You can look at everything; you cannot run or change anything.",
  runner: "You can run and materialize; you cannot change notebooks.",
  editor: "You can run, change notebooks, add files and share.",
  admin: "You can do everything, and you say who else may do what.",
};
