import banner from "./en/banner.json";
import common from "./en/common.json";
import conversation from "./en/conversation.json";
import problems from "./en/problems.json";
import sessions from "./en/sessions.json";
import shell from "./en/shell.json";

/** What is needed wherever one is; en-rooms.ts has the rest. */
export default { banner, common, conversation, problems, sessions, shell };
