import { Brain, PanelLeft, Search, Settings, SquarePen } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { useTranslations } from "use-intl";
import { useCredential } from "@/api/credential";
import { SessionList } from "@/sessions/SessionList";
import { cx } from "@/ui/cx";
import { IconButton } from "@/ui/IconButton";
import { Kbd } from "@/ui/Kbd";
import { Mark } from "@/ui/Mark";
import { Capacity } from "./Capacity";
import { ErrorBoundary } from "./ErrorBoundary";
import { useLayers } from "./layers";
import { lazyPart } from "./lazy-part";
import { COARSE, useMedia, WIDE } from "./media";
import { Link, useRoute } from "./router";
import { useSidebar } from "./sidebar-state";

const AccountRow = lazyPart(() => import("@/account/AccountRow").then((m) => m.AccountRow), { texts: true });

const ROW =
  "flex min-h-9 items-center gap-2.5 rounded-row px-2.5 text-start transition-colors duration-150 pointer-coarse:min-h-11";

/** The way to everything. `onChosen`: one has gone somewhere, and a drawer can close. */
export function Sidebar({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("shell");
  const route = useRoute();
  const wide = useMedia(WIDE);
  const coarse = useMedia(COARSE);
  const toggle = useSidebar((state) => state.toggle);
  const show = useLayers((state) => state.show);
  const accounts = useCredential((state) => state.accounts);

  return (
    <div className="flex h-full min-h-0 flex-col pt-3">
      <div className="flex items-center justify-between ps-4 pe-3">
        <Link to="/" onClick={onChosen} className="flex items-center gap-2.5 rounded-row">
          <Mark size={24} />
          <span className="font-semibold text-[1.0625rem] tracking-tight">Memocha</span>
        </Link>
        {wide && (
          <IconButton label={t("hideSidebar")} tipSide="bottom" tipAlign="end" onClick={toggle}>
            <PanelLeft size={18} className="rtl:-scale-x-100" />
          </IconButton>
        )}
      </div>
      <div className="flex flex-col gap-0.5 px-2.5 pt-3">
        <Link
          to="/"
          onClick={onChosen}
          className={cx(ROW, "mb-1.5 min-h-11 border border-line bg-card hover:border-edge")}
        >
          <SquarePen size={17} className="text-mocha" />
          <span className="flex-1">{t("newChat")}</span>
        </Link>
        <button type="button" className={cx(ROW, "hover:bg-hover")} onClick={() => show("palette")}>
          <Search size={17} className="text-soft" />
          <span className="flex-1">{t("search")}</span>
          {!coarse && <Kbd keys={["mod", "K"]} />}
        </button>
        <NavLink to="/memory" current={route.name === "memory"} onClick={onChosen} icon={<Brain size={17} />}>
          {t("memory")}
        </NavLink>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2.5 py-2">
        <ErrorBoundary>
          <SessionList onChosen={onChosen} />
        </ErrorBoundary>
      </div>
      <div className="flex flex-col gap-0.5 border-line border-t px-2.5 pt-2.5 pb-[max(0.625rem,env(safe-area-inset-bottom))]">
        <Capacity onChosen={onChosen} />
        <NavLink
          to="/settings"
          current={route.name === "settings"}
          onClick={onChosen}
          icon={<Settings size={17} />}
        >
          {t("settings")}
        </NavLink>
        {accounts && (
          <ErrorBoundary>
            <Suspense fallback={<div className="h-9 pointer-coarse:h-11" />}>
              <AccountRow onChosen={onChosen} />
            </Suspense>
          </ErrorBoundary>
        )}
      </div>
    </div>
  );
}

interface NavLinkProps {
  to: string;
  current: boolean;
  onClick?: () => void;
  icon: ReactNode;
  children: ReactNode;
}

function NavLink({ to, current, onClick, icon, children }: NavLinkProps) {
  return (
    <Link
      to={to}
      onClick={onClick}
      aria-current={current ? "page" : undefined}
      className={cx(
        ROW,
        current ? "bg-crema font-semibold text-crema-ink" : "hover:bg-hover [&>svg]:text-soft",
      )}
    >
      {icon}
      {children}
    </Link>
  );
}
