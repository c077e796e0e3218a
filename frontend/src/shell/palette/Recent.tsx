import { MessageCircle } from "lucide-react";
import { useTranslations } from "use-intl";
import { useSessions } from "@/api/queries";
import { useHidden } from "@/api/undo";
import { belongs } from "@/sessions/changes";
import { chatPath, navigate, useRoute } from "@/shell/router";
import { Group, Item } from "./Item";

const SHOWN = 4;

/** The chats that one would most likely go back to. */
export function Recent({ onDone }: { onDone(): void }) {
  const t = useTranslations("palette");
  const sessions = useTranslations("sessions");
  const hidden = useHidden();
  const route = useRoute();
  const { data = [] } = useSessions();
  const here = route.name === "chat" ? route.sessionId : null;
  const recent = data
    .filter((session) => session.id !== here && !hidden.has(session.id) && belongs(session, {}))
    .slice(0, SHOWN);
  if (recent.length === 0) return null;
  return (
    <Group heading={t("recent")}>
      {recent.map(({ id, title }) => (
        <Item
          key={id}
          value={`chat ${id}`}
          icon={<MessageCircle size={16} aria-hidden="true" />}
          onSelect={() => {
            onDone();
            navigate(chatPath(id));
          }}
        >
          <span className="block truncate">{title || sessions("untitled")}</span>
        </Item>
      ))}
    </Group>
  );
}
