import { Ellipsis, KeyRound, Lock, LockOpen, ShieldCheck, Trash2, User } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Account } from "@/api/types";
import { useWhen } from "@/memory/when";
import { Chip } from "@/ui/Chip";
import { IconButton } from "@/ui/IconButton";
import { Menu, MenuItem, MenuLine } from "@/ui/Menu";
import type { Asked, UserChange } from "./users";

interface UserRowProps {
  user: Account;
  /** It is one's own. */
  own: boolean;
  onAsk(asked: Asked): void;
  onChange(change: UserChange): void;
}

/** One account, and what can be done with it. */
export function UserRow({ user, own, onAsk, onChange }: UserRowProps) {
  const t = useTranslations("account.users");
  const when = useWhen();
  const { login, role, sessions, memories, disabled_at: disabled, last_seen_at: seen } = user;
  return (
    <li className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere flex flex-wrap items-center gap-2 font-medium">
          {login}
          {role === "admin" && <Chip>{t("admin")}</Chip>}
          {own && <Chip>{t("you")}</Chip>}
          {disabled !== null && <Chip className="border-clay/40 text-clay">{t("locked")}</Chip>}
          {!user.has_password && <Chip>{t("noPassword")}</Chip>}
        </p>
        <p className="tabular text-small text-soft">
          {t("since", { when: when.day(user.created_at) })} ·{" "}
          {seen ? t("seen", { when: when.exactly(seen) }) : t("unseen")} ·{" "}
          {t("counts", { sessions, memories })}
        </p>
      </div>
      {!own && (
        <Menu
          trigger={
            <IconButton label={t("actions", { login })} size="small" tipAlign="end">
              <Ellipsis size={17} />
            </IconButton>
          }
        >
          {role === "admin" ? (
            <MenuItem icon={<User size={16} />} onSelect={() => onChange({ role: "member" })}>
              {t("makeMember")}
            </MenuItem>
          ) : (
            <MenuItem icon={<ShieldCheck size={16} />} onSelect={() => onChange({ role: "admin" })}>
              {t("makeAdmin")}
            </MenuItem>
          )}
          <MenuItem icon={<KeyRound size={16} />} onSelect={() => onAsk("password")}>
            {t("newPassword")}
          </MenuItem>
          {disabled === null ? (
            <MenuItem icon={<Lock size={16} />} onSelect={() => onAsk("lock")}>
              {t("lock")}
            </MenuItem>
          ) : (
            <MenuItem icon={<LockOpen size={16} />} onSelect={() => onChange({ disabled: false })}>
              {t("unlock")}
            </MenuItem>
          )}
          <MenuLine />
          <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => onAsk("delete")}>
            {t("delete")}
          </MenuItem>
        </Menu>
      )}
    </li>
  );
}
