import { ImageOff } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";

/** An image of another host is not loaded by itself: its address could carry words away. It is shown when one asks. */
export function RemoteImage({ address, alt }: { address: string; alt: string }) {
  const t = useTranslations("conversation");
  const [asked, ask] = useState(false);
  const host = hostOf(address);
  if (host === null) return <em className="text-soft">{alt}</em>;
  if (asked) {
    return (
      <iframe
        src={`/remote-image?url=${encodeURIComponent(address)}`}
        title={alt || t("imageFrom", { host })}
        sandbox=""
        referrerPolicy="no-referrer"
        loading="lazy"
        className="my-2 block h-80 w-full rounded-card border border-line bg-shelf"
      />
    );
  }
  return (
    <span className="my-2 flex flex-wrap items-center gap-3 rounded-card border border-edge border-dashed px-4 py-3 text-small text-soft">
      <ImageOff size={16} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 break-words">{alt || t("image")}</span>
      <Button size="small" onClick={() => ask(true)}>
        {t("showImage", { host })}
      </Button>
    </span>
  );
}

function hostOf(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" ? url.host : null;
  } catch {
    return null;
  }
}
