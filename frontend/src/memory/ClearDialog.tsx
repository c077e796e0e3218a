import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem, useProblemText } from "@/api/problem";
import { useRetention } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Receipt } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Choice } from "./Choice";
import type { ErasureReceipt } from "./kinds";
import { close } from "./opened";
import { ReceiptTable } from "./ReceiptTable";
import { clearSelection } from "./selection";

type Extent = "memories" | "everything";
type Outcome = { extent: "memories"; receipt: Receipt } | { extent: "everything"; receipt: ErasureReceipt };

/** Forgets all memories, or all that is kept; after a word was typed, and with a receipt. */
export function ClearDialog() {
  const t = useTranslations("memory");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  return (
    <Dialog
      open
      onOpenChange={close}
      title={outcome === null ? t("clearTitle") : t("clearedTitle")}
      description={
        outcome === null ? t("clearText") : t(outcome.extent === "memories" ? "clearedText" : "erasedText")
      }
      actions={
        outcome !== null && (
          <Button kind="primary" onClick={close}>
            {t("done")}
          </Button>
        )
      }
    >
      {outcome === null ? (
        <Ask onDone={setOutcome} />
      ) : (
        <ReceiptTable receipt={outcome.receipt} everything={outcome.extent === "everything"} />
      )}
    </Dialog>
  );
}

function Ask({ onDone }: { onDone(outcome: Outcome): void }) {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const textOf = useProblemText();
  const { data } = useRetention();
  const [extent, setExtent] = useState<Extent>("memories");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const word = t(extent === "memories" ? "clearWord" : "eraseWord");
  const ready = typed.trim().toLocaleLowerCase() === word.toLocaleLowerCase() && !busy;

  async function clear(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setTrouble(null);
    try {
      const outcome = await carryOut(extent);
      clearSelection();
      void queryClient.invalidateQueries();
      onDone(outcome);
    } catch (error) {
      setTrouble(textOf(asProblem(error)));
      setBusy(false);
    }
  }
  return (
    <form onSubmit={clear} className="flex flex-col gap-4">
      <fieldset className="flex flex-col gap-2">
        <legend className="sr-only">{t("clearTitle")}</legend>
        <Choice
          name="extent"
          checked={extent === "memories"}
          title={t("clearMemories", { count: data?.usage.memories ?? 0 })}
          text={t("clearMemoriesText")}
          onChosen={() => setExtent("memories")}
        />
        <Choice
          name="extent"
          checked={extent === "everything"}
          title={t("clearEverything")}
          text={t("clearEverythingText")}
          onChosen={() => setExtent("everything")}
        />
      </fieldset>
      <Field
        label={t("clearType", { word })}
        data-autofocus
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={typed}
        error={trouble}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button kind="ghost" onClick={close}>
          {common("cancel")}
        </Button>
        <Button kind="danger" type="submit" disabled={!ready}>
          {t(extent === "memories" ? "clearDo" : "eraseDo")}
        </Button>
      </div>
    </form>
  );
}

async function carryOut(extent: Extent): Promise<Outcome> {
  if (extent === "memories") return { extent, receipt: await take(api.DELETE("/api/memories")) };
  return { extent, receipt: await take(api.DELETE("/api/me/data")) };
}
