import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem, useProblemText } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { AreaField, Field } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { LONGEST } from "./EditWords";
import { close } from "./opened";

/** Something to remember, typed in by hand. */
export function AddDialog() {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const textOf = useProblemText();
  const [text, setText] = useState("");
  const [since, setSince] = useState("");
  const [adding, setAdding] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (text.trim() === "") return;
    setAdding(true);
    setTrouble(null);
    try {
      const valid_from = since === "" ? null : new Date(`${since}T00:00`).toISOString();
      await take(api.POST("/api/memories", { body: { text: text.trim(), kind: "fact", valid_from } }));
      void queryClient.invalidateQueries({ queryKey: keys.memories });
      toast({ text: t("added") });
      close();
    } catch (error) {
      setTrouble(textOf(asProblem(error)));
      setAdding(false);
    }
  }
  return (
    <Dialog open onOpenChange={close} title={t("addTitle")} description={t("addText")}>
      <form onSubmit={add} className="flex flex-col gap-4">
        <AreaField
          label={t("addWords")}
          rows={3}
          maxLength={LONGEST}
          data-autofocus
          required
          placeholder={t("addPlaceholder")}
          value={text}
          error={trouble}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void add(event);
          }}
        />
        <Field
          label={t("addSince")}
          hint={t("addSinceHint")}
          type="date"
          value={since}
          onChange={(event) => setSince(event.target.value)}
        />
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={close}>
            {common("cancel")}
          </Button>
          <Button kind="primary" type="submit" disabled={adding || text.trim() === ""}>
            {t("remember")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
