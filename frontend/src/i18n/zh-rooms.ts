import account from "./zh/account.json";
import memory from "./zh/memory.json";
import palette from "./zh/palette.json";
import settings from "./zh/settings.json";
import shortcuts from "./zh/shortcuts.json";

/** What rooms need that are loaded when one goes there. */
export default { account, memory, palette, settings, shortcuts };
