import { askEarly } from "./api-client.js";
import "./app-shell.js";
import { parseRoute } from "./router.js";

const route = parseRoute(location.hash);
if (route.page === "notebook") askEarly(route.name);
if (import.meta.env.MODE === "dev") void import("./reload.js").then((it) => it.reloadWithServer());
