import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import type { ChangedAccount } from "@/api/types";
import { Options } from "@/settings/Options";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { useAccountTrouble } from "./problem";

type Role = ChangedAccount["role"];

interface NewUserDialogProps {
  onMade(user: ChangedAccount): void;
  onClose(): void;
}

/** A login and a role; the service makes a password to begin with. */
export function NewUserDialog({ onMade, onClose }: NewUserDialogProps) {
  const t = useTranslations("account.users");
  const account = useTranslations("account");
  const common = useTranslations("common");
  const troubleOf = useAccountTrouble();
  const [login, setLogin] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setTrouble(null);
    try {
      onMade(await take(api.POST("/api/users", { body: { login: login.trim(), role } })));
    } catch (error) {
      setTrouble(troubleOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog open onOpenChange={onClose} title={t("create")} description={t("createText")}>
      <form onSubmit={make} className="flex flex-col gap-4">
        <Field
          label={account("login")}
          hint={t("loginHint")}
          error={trouble}
          data-autofocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={100}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-ui">{t("role")}</p>
          <Options<Role>
            label={t("role")}
            value={role}
            options={[
              { value: "member", label: t("member") },
              { value: "admin", label: t("admin") },
            ]}
            onChange={setRole}
          />
        </div>
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="primary" type="submit" disabled={busy || login.trim() === ""}>
            {t("make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
