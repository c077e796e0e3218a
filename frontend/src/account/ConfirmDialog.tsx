import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { useAccountTrouble } from "./problem";

interface ConfirmDialogProps {
  title: string;
  text: string;
  action: string;
  /** What has to be typed first, and what asks for it. */
  typed?: { word: string; label: string };
  /** Throws `ProblemError`. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before something is done that is not easily undone, and says why it was not. */
export function ConfirmDialog({ title, text, action, typed, onConfirm, onClose }: ConfirmDialogProps) {
  const common = useTranslations("common");
  const troubleOf = useAccountTrouble();
  const [words, type] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ready = !busy && (typed === undefined || words.trim() === typed.word);

  async function confirm(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setTrouble(null);
    try {
      await onConfirm();
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog open onOpenChange={onClose} title={title} description={text}>
      <form onSubmit={confirm} className="flex flex-col gap-4">
        {typed && (
          <Field
            label={typed.label}
            data-autofocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={words}
            onChange={(event) => type(event.target.value)}
          />
        )}
        <p role="alert" className="text-clay text-small empty:hidden">
          {trouble}
        </p>
        <div className="flex justify-end gap-2">
          <Button kind="ghost" data-autofocus={typed === undefined || undefined} onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="danger" type="submit" disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
