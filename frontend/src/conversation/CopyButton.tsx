import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { announce } from "@/shell/announce";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";

/** Copies a text, and says so for a moment. */
export function CopyButton({ text, className }: { text: string; className?: string }) {
  const t = useTranslations("common");
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await writeToClipboard(text);
      setCopied(true);
      announce(t("copied"));
    } catch {
      toast({ text: t("copyFailed"), tone: "trouble" });
    }
  }
  return (
    <IconButton
      label={copied ? t("copied") : t("copy")}
      size="small"
      tipAlign="end"
      className={className}
      onClick={copy}
    >
      {copied ? <Check size={15} className="text-matcha" /> : <Copy size={15} />}
    </IconButton>
  );
}

/** A page that was not loaded securely has no clipboard; a selection that is copied does it there too. */
async function writeToClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr-only";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("not copied");
}
