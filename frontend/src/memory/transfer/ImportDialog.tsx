import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { close } from "../opened";
import { FileDrop } from "./FileDrop";
import { ImportState, over } from "./ImportState";
import { dismissImport, importFile, kindOf, useImport } from "./importing";

/** Takes in a file: chosen or dropped, sent, and worked through. */
export function ImportDialog() {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const { state, stop } = useImport();
  const [wrong, setWrong] = useState<string | null>(null);
  const done = over(state);

  function chosen(file: File): void {
    const trouble =
      kindOf(file.name) === null
        ? t("importWrong", { name: file.name })
        : file.size === 0
          ? t("importBare", { name: file.name })
          : null;
    setWrong(trouble);
    if (trouble === null) importFile(file);
  }
  function leave(): void {
    if (done) dismissImport();
    close();
  }
  return (
    <Dialog
      open
      onOpenChange={leave}
      title={t("importTitle")}
      description={t("importText")}
      actions={
        state.phase !== "none" && (
          <>
            {state.phase === "sending" && (
              <Button kind="ghost" onClick={stop}>
                {common("cancel")}
              </Button>
            )}
            {done && <Button onClick={dismissImport}>{t("importAnother")}</Button>}
            <Button kind="primary" onClick={leave}>
              {done ? t("done") : t("importOn")}
            </Button>
          </>
        )
      }
    >
      {state.phase === "none" ? (
        <>
          <FileDrop onChosen={chosen} />
          {wrong !== null && (
            <p role="alert" className="mt-3 break-words text-clay text-small">
              {wrong}
            </p>
          )}
          <p className="mt-4 text-small text-soft">{t("importKinds")}</p>
        </>
      ) : (
        <ImportState state={state} />
      )}
    </Dialog>
  );
}
