import { useTranslations } from "use-intl";
import type { RetentionPreview } from "@/api/types";

interface LeavingListProps {
  preview: RetentionPreview;
  /** How many are told one by one at the most. */
  most: number;
}

/** The first memories that would leave, in their words and with why; then how many more. */
export function LeavingList({ preview, most }: LeavingListProps) {
  const t = useTranslations("memory");
  const shown = preview.items.slice(0, most);
  const more = preview.memories - shown.length;
  return (
    <ul className="flex flex-col gap-1">
      {shown.map((item) => (
        <li key={item.id} className="flex justify-between gap-4 text-soft">
          <span className="wrap-anywhere line-clamp-2 min-w-0">{item.text}</span>
          <span className="shrink-0 text-faint">{t(`reasons.${item.reason}`)}</span>
        </li>
      ))}
      {more > 0 && <li className="tabular text-faint">{t("leavingMore", { count: more })}</li>}
    </ul>
  );
}
