import { Download, Ellipsis, Plus, Trash2, Upload } from "lucide-react";
import { useTranslations } from "use-intl";
import { asProblem, useProblemText } from "@/api/problem";
import { useMedia, WIDE } from "@/shell/media";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import { toast } from "@/ui/Toast";
import { open } from "./opened";
import { downloadExport } from "./transfer/exporting";

/** Milliseconds after which it is said that the export is on its way. */
const SLOW = 300;

/** Add, import, export, and what is done seldom. On a phone all but the first stand in the menu. */
export function PageActions() {
  const t = useTranslations("memory");
  const common = useTranslations("common");
  const textOf = useProblemText();
  const wide = useMedia(WIDE);

  async function exportAll(): Promise<void> {
    // Where a key has to go with it the browser shows nothing until all of it is here.
    let told: (() => void) | undefined;
    const slow = setTimeout(() => {
      told = toast({ text: t("exporting"), stays: Number.POSITIVE_INFINITY });
    }, SLOW);
    try {
      await downloadExport();
    } catch (error) {
      toast({ text: textOf(asProblem(error)), tone: "trouble" });
    } finally {
      clearTimeout(slow);
      told?.();
    }
  }
  return (
    <>
      {wide ? (
        <>
          <Button size="small" onClick={() => open({ name: "add" })}>
            <Plus size={15} aria-hidden="true" />
            {t("add")}
          </Button>
          <Button size="small" onClick={() => open({ name: "import" })}>
            {t("import")}
          </Button>
          <Button size="small" onClick={exportAll}>
            {t("export")}
          </Button>
        </>
      ) : (
        <IconButton label={t("add")} tipSide="bottom" onClick={() => open({ name: "add" })}>
          <Plus size={19} />
        </IconButton>
      )}
      <Menu
        trigger={
          <IconButton label={common("more")} tipSide="bottom" tipAlign="end" className="-me-1.5">
            <Ellipsis size={18} />
          </IconButton>
        }
      >
        {!wide && (
          <>
            <MenuItem icon={<Upload size={16} />} onSelect={() => open({ name: "import" })}>
              {t("importLong")}
            </MenuItem>
            <MenuItem icon={<Download size={16} />} onSelect={exportAll}>
              {t("exportLong")}
            </MenuItem>
            <MenuLine />
          </>
        )}
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => open({ name: "clear" })}>
          {t("clearAll")}
        </MenuItem>
      </Menu>
    </>
  );
}
