import { Eraser } from "lucide-react";
import { useTranslations } from "use-intl";
import { Chip } from "@/ui/Chip";

/** How many memories went because a message asked for it; nothing where none did. */
export function Forgotten({ count }: { count: number }) {
  const t = useTranslations("conversation");
  if (count === 0) return null;
  return (
    <Chip kind="learned" className="animate-fade-in">
      <Eraser size={13} className="shrink-0" aria-hidden="true" />
      {t("forgottenCount", { count })}
    </Chip>
  );
}
