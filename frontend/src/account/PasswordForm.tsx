import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { PasswordField } from "./PasswordField";
import { useAccountTrouble } from "./problem";

/** The fewest characters that the service takes. */
const SHORTEST = 10;

interface PasswordFormProps {
  login: string;
  labels: { old: string; action: string };
  onDone(): void;
}

/** The present password, and another in its place. */
export function PasswordForm({ login, labels, onDone }: PasswordFormProps) {
  const t = useTranslations("account");
  const troubleOf = useAccountTrouble();
  const [old, setOld] = useState("");
  const [chosen, setChosen] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ old?: string; chosen?: string }>({});

  async function change(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if ([...chosen].length < SHORTEST) return setWrong({ chosen: t("tooShort", { count: SHORTEST }) });
    if (chosen === old) return setWrong({ chosen: t("sameAgain") });
    setBusy(true);
    setWrong({});
    try {
      await take(api.POST("/api/auth/password", { body: { old, new: chosen } }));
      setOld("");
      setChosen("");
      onDone();
    } catch (error) {
      if (asProblem(error).code === "wrong_password") setWrong({ old: t("wrongOld") });
      else setWrong({ chosen: troubleOf(error) });
    }
    setBusy(false);
  }
  return (
    <form onSubmit={change} className="flex flex-col gap-4">
      {/* Whose password it is, for what keeps passwords. */}
      <input type="text" autoComplete="username" value={login} readOnly hidden />
      <PasswordField
        label={labels.old}
        autoComplete="current-password"
        required
        value={old}
        error={wrong.old}
        onChange={(event) => setOld(event.target.value)}
      />
      <PasswordField
        label={t("newPassword")}
        hint={t("newPasswordHint", { count: SHORTEST })}
        autoComplete="new-password"
        required
        value={chosen}
        error={wrong.chosen}
        onChange={(event) => setChosen(event.target.value)}
      />
      <Button kind="primary" type="submit" aria-disabled={busy} className="self-start">
        {labels.action}
      </Button>
    </form>
  );
}
