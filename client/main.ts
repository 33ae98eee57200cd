import { askEarly } from "./api-client.js";
import "./app-shell.js";
import { parseRoute } from "./router.js";

const route = parseRoute(location.hash);
if (route.page === "notebook") askEarly(route.name);
