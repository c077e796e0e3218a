import banner from "./en/banner.json";
import common from "./en/common.json";
import conversation from "./en/conversation.json";
import memory from "./en/memory.json";
import palette from "./en/palette.json";
import problems from "./en/problems.json";
import sessions from "./en/sessions.json";
import settings from "./en/settings.json";
import shell from "./en/shell.json";

export default { banner, common, conversation, memory, palette, problems, sessions, settings, shell };
