import { LogOut, UserRound } from "lucide-react";
import { useTranslations } from "use-intl";
import { Link } from "@/shell/router";
import { IconButton } from "@/ui/IconButton";
import { toast } from "@/ui/Toast";
import { useAuth } from "./data";
import { signOut } from "./leaving";
import { useAccountTrouble } from "./problem";

/** Who is signed in, at the end of the sidebar. */
export function AccountRow({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations("account");
  const troubleOf = useAccountTrouble();
  const { data: auth } = useAuth();
  if (!auth?.login) return <div className="h-9 pointer-coarse:h-11" />;
  return (
    <div className="flex items-center gap-1">
      <Link
        to="/settings#account"
        onClick={onChosen}
        title={t("you.who", { login: auth.login })}
        className="flex min-h-9 min-w-0 flex-1 items-center gap-2.5 rounded-row px-2.5 transition-colors duration-150 hover:bg-hover pointer-coarse:min-h-11"
      >
        <UserRound size={17} aria-hidden="true" className="shrink-0 text-soft" />
        <span className="truncate">{auth.login}</span>
      </Link>
      <IconButton
        label={t("signOut")}
        tipAlign="end"
        onClick={() => signOut().catch((error) => toast({ text: troubleOf(error), tone: "trouble" }))}
      >
        <LogOut size={17} className="rtl:-scale-x-100" />
      </IconButton>
    </div>
  );
}
