import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Account, ChangedAccount } from "@/api/types";
import { Card } from "@/settings/Parts";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { ConfirmDialog } from "./ConfirmDialog";
import { readAgain, useAuth, useUsers } from "./data";
import { MadeDialog } from "./MadeDialog";
import { NewUserDialog } from "./NewUserDialog";
import { useAccountTrouble } from "./problem";
import { UserRow } from "./UserRow";
import { type Asked, changeUser, deleteUser } from "./users";

type Over =
  | { name: "new" }
  | { name: "made"; login: string; password: string }
  | { name: "ask"; asked: Asked; user: Account };

/** Everyone's accounts, for admins. */
export function Users() {
  const t = useTranslations("account.users");
  const troubleOf = useAccountTrouble();
  const { data: auth } = useAuth();
  const { data: users, error } = useUsers();
  const [over, show] = useState<Over | null>(null);
  const close = () => show(null);

  function changed({ login, one_time_password: password }: ChangedAccount): void {
    readAgain("users");
    if (password === null) close();
    else show({ name: "made", login, password });
  }
  async function atOnce(work: Promise<ChangedAccount>): Promise<void> {
    try {
      changed(await work);
    } catch (thrown) {
      toast({ text: troubleOf(thrown), tone: "trouble" });
    }
  }
  async function carryOut(asked: Asked, user: Account): Promise<void> {
    if (asked === "lock") return changed(await changeUser(user, { disabled: true }));
    if (asked === "password") return changed(await changeUser(user, { new_password: true }));
    await deleteUser(user);
    readAgain("users");
    close();
    toast({ text: t("deleted", { login: user.login }) });
  }
  return (
    <Card>
      <p className="text-soft">{t("text")}</p>
      {error && <p className="text-clay text-small">{troubleOf(error)}</p>}
      {!users && !error && <Skeleton className="h-40 rounded-row" />}
      <ul className="flex flex-col gap-3">
        {users?.map((user) => (
          <UserRow
            key={user.id}
            user={user}
            own={user.login === auth?.login}
            onAsk={(asked) => show({ name: "ask", asked, user })}
            onChange={(change) => atOnce(changeUser(user, change))}
          />
        ))}
      </ul>
      <Button size="small" className="self-start" onClick={() => show({ name: "new" })}>
        {t("create")}
      </Button>
      {over?.name === "new" && <NewUserDialog onMade={changed} onClose={close} />}
      {over?.name === "made" && (
        <MadeDialog
          title={t("made", { login: over.login })}
          text={t("madeText")}
          done={t("done")}
          secret={over.password}
          onClose={close}
        />
      )}
      {over?.name === "ask" && (
        <Ask {...over} onConfirm={() => carryOut(over.asked, over.user)} onClose={close} />
      )}
    </Card>
  );
}

interface AskProps {
  asked: Asked;
  user: Account;
  onConfirm(): Promise<void>;
  onClose(): void;
}

function Ask({ asked, user: { login }, ...rest }: AskProps) {
  const t = useTranslations("account.users");
  const actions = { lock: t("lock"), password: t("passwordDo"), delete: t("delete") };
  return (
    <ConfirmDialog
      title={t(`${asked}Title`, { login })}
      text={t(`${asked}Text`)}
      action={actions[asked]}
      typed={asked === "delete" ? { word: login, label: t("deleteType", { login }) } : undefined}
      {...rest}
    />
  );
}
