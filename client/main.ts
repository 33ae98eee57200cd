import { openStatusPage } from "./status-page.js";

openStatusPage(document);
