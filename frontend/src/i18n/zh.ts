import banner from "./zh/banner.json";
import common from "./zh/common.json";
import conversation from "./zh/conversation.json";
import problems from "./zh/problems.json";
import sessions from "./zh/sessions.json";
import shell from "./zh/shell.json";

/** What is needed wherever one is; zh-rooms.ts has the rest. */
export default { banner, common, conversation, problems, sessions, shell };
