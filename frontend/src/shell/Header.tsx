import { Menu, PanelLeft, SquarePen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { IconButton, iconLook } from "@/ui/IconButton";
import { useLayers } from "./layers";
import { useMedia, WIDE } from "./media";
import { Link, useRoute } from "./router";
import { useSidebar } from "./sidebar-state";

interface HeaderProps {
  /** The page's heading; empty while it is not known. */
  title: ReactNode;
  /** Chips beside the title. */
  chips?: ReactNode;
  /** Actions at the end. */
  end?: ReactNode;
}

/** The bar at the top of a room. Where the sidebar is away, it has the button that brings it, and the way to a new chat. */
export function Header({ title, chips, end }: HeaderProps) {
  const t = useTranslations("shell");
  const wide = useMedia(WIDE);
  const sidebar = useSidebar();
  const route = useRoute();
  const show = useLayers((state) => state.show);
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-line border-b ps-3 pe-3 md:ps-5.5 md:pe-5">
      {!wide && (
        <IconButton label={t("openMenu")} tipSide="bottom" className="-ms-1" onClick={() => show("drawer")}>
          <Menu size={19} />
        </IconButton>
      )}
      {wide && !sidebar.open && (
        <IconButton label={t("showSidebar")} tipSide="bottom" className="-ms-2" onClick={sidebar.toggle}>
          <PanelLeft size={18} className="rtl:-scale-x-100" />
        </IconButton>
      )}
      {title !== "" && (
        <h1
          className="min-w-0 truncate font-semibold text-ui"
          title={typeof title === "string" ? title : undefined}
        >
          {title}
        </h1>
      )}
      {chips}
      <div className="ms-auto flex shrink-0 items-center gap-2">
        {end}
        {!(wide && sidebar.open) && route.name !== "new" && (
          <Link
            to="/"
            {...iconLook({ label: t("newChat"), tipSide: "bottom", tipAlign: "end", className: "-me-1" })}
          >
            <SquarePen size={18} aria-hidden="true" />
          </Link>
        )}
      </div>
    </header>
  );
}
