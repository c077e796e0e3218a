import memory from "./en/memory.json";
import palette from "./en/palette.json";
import settings from "./en/settings.json";
import shortcuts from "./en/shortcuts.json";

/** What rooms need that are loaded when one goes there. */
export default { memory, palette, settings, shortcuts };
