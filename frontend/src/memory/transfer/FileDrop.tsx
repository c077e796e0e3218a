import { FileUp } from "lucide-react";
import { type ChangeEvent, type DragEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { cx } from "@/ui/cx";

/** A place to drop a file on, and a button to choose one. */
export function FileDrop({ onChosen }: { onChosen(file: File): void }) {
  const t = useTranslations("memory");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onChosen(file);
  }
  function choose(event: ChangeEvent<HTMLInputElement>): void {
    const file = event.target.files?.[0];
    // The same file again is a change only from none.
    event.target.value = "";
    if (file) onChosen(file);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the button, for those who have a mouse
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        "flex flex-col items-center gap-3 rounded-card border border-dashed px-5 py-8 text-center transition-colors duration-150",
        over ? "border-mocha bg-crema" : "border-edge bg-card",
      )}
    >
      <FileUp size={22} className="text-mocha" aria-hidden="true" />
      <p className="text-soft">{t("dropHere")}</p>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.ndjson,.zip"
        aria-label={t("chooseFile")}
        tabIndex={-1}
        className="sr-only"
        onChange={choose}
      />
      <Button data-autofocus onClick={() => input.current?.click()}>
        {t("chooseFile")}
      </Button>
    </div>
  );
}
