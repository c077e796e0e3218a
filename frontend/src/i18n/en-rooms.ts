import account from "./en/account.json";
import memory from "./en/memory.json";
import palette from "./en/palette.json";
import settings from "./en/settings.json";
import shortcuts from "./en/shortcuts.json";

/** What rooms need that are loaded when one goes there. */
export default { account, memory, palette, settings, shortcuts };
