import { Tokens } from "../people/tokens.js";
import { ShareStore } from "./share-store.js";

/** Tokens and links of somebody who was removed; absent where there were none. */
export async function removeWhatIsOf(
  user: string,
  stateFolder: string,
  tokens = new Tokens(stateFolder),
): Promise<{ readonly tokens?: readonly string[]; readonly shares?: number }> {
  const names = await tokens.removeOf(user);
  const shares = await new ShareStore(stateFolder).removeOf(user);
  return { ...(names.length === 0 ? {} : { tokens: names }), ...(shares === 0 ? {} : { shares }) };
}
