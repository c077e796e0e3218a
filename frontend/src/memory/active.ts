import { useFormatter, useTranslations } from "use-intl";
import { useSession } from "@/api/queries";
import type { Filters } from "./filters";

/** A filter that is set: what it is called, and what takes it away. */
export interface Active {
  name: string;
  without: Partial<Filters>;
}

const KINDS = { fact: "facts", episode: "moments", digest: "days" } as const;

/** The filters that are set beside the question, called as on their chips. */
export function useActive(filters: Filters): Active[] {
  const t = useTranslations("memory");
  const span = useSpanName(filters);
  const chat = useChatName(filters.session);
  const { kind, pinned, paused, changed, session } = filters;
  const all: (Active | false)[] = [
    kind !== null && { name: t(KINDS[kind]), without: { kind: null } },
    pinned && { name: t("filterPinned"), without: { pinned: false } },
    paused && { name: t("filterPaused"), without: { paused: false } },
    changed && { name: t("filterChanged"), without: { changed: false } },
    span !== null && { name: span, without: { span: null, from: "", to: "" } },
    session !== null && { name: t("fromChat", { title: chat }), without: { session: null } },
  ];
  return all.filter((each) => each !== false);
}

/** What the chat is called whose memories alone are shown. */
export function useChatName(session: string | null): string {
  const t = useTranslations("memory");
  const { data, isError } = useSession(session);
  const title = data?.title || (isError ? t("chatGone") : t("chatUntitled"));
  return data?.archived ? t("chatArchived", { title }) : title;
}

function useSpanName({ span, from, to }: Filters): string | null {
  const t = useTranslations("memory");
  const format = useFormatter();
  const day = (text: string) => format.dateTime(new Date(`${text}T00:00`), { dateStyle: "medium" });
  if (span !== "custom") return span && t(`spans.${span}`);
  if (from && to) return from === to ? day(from) : t("spanBetween", { from: day(from), to: day(to) });
  if (from) return t("spanFrom", { from: day(from) });
  return to ? t("spanTo", { to: day(to) }) : null;
}
