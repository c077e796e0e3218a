import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "@/ui/IconButton";
import { useOpened } from "../opened";
import { ImportState, over } from "./ImportState";
import { dismissImport, useImport } from "./importing";
import { useImportJob } from "./useImportJob";

/** How far the import is, in the page: it goes on when its dialog is closed. */
export function ImportProgress() {
  const common = useTranslations("common");
  const state = useImport((all) => all.state);
  const open = useOpened((all) => all.opened?.name === "import");
  useImportJob();
  if (state.phase === "none" || open) return null;
  return (
    <div className="flex animate-fade-in items-center gap-3 rounded-card border border-line bg-card px-4 py-3 text-small">
      <div className="min-w-0 flex-1">
        <ImportState state={state} />
      </div>
      {over(state) && (
        <IconButton
          label={common("dismiss")}
          size="small"
          className="-me-2"
          tipAlign="end"
          onClick={dismissImport}
        >
          <X size={16} />
        </IconButton>
      )}
    </div>
  );
}
