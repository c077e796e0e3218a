import banner from "./zh/banner.json";
import common from "./zh/common.json";
import conversation from "./zh/conversation.json";
import memory from "./zh/memory.json";
import palette from "./zh/palette.json";
import problems from "./zh/problems.json";
import sessions from "./zh/sessions.json";
import settings from "./zh/settings.json";
import shell from "./zh/shell.json";

export default { banner, common, conversation, memory, palette, problems, sessions, settings, shell };
