import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { setKey, useCredential } from "@/api/credential";
import { asProblem, problemOf, useProblemText } from "@/api/problem";
import { queryClient } from "@/api/query-client";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";

/** Asks for the key that the service wants. It is tried before it is kept. */
export function KeyGate() {
  const t = useTranslations("shell");
  const textOf = useProblemText();
  const known = useCredential((state) => state.key);
  const [key, type] = useState("");
  const [trying, setTrying] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  async function use(event: FormEvent): Promise<void> {
    event.preventDefault();
    setTrying(true);
    setTrouble(null);
    try {
      const taken = await fits(key.trim());
      if (taken) {
        setKey(key.trim());
        void queryClient.invalidateQueries();
        return;
      }
      setTrouble(t("keyRefused"));
    } catch (error) {
      setTrouble(textOf(asProblem(error)));
    }
    setTrying(false);
  }
  return (
    <Dialog
      open
      onOpenChange={() => useCredential.setState({ wanted: null })}
      title={known === null ? t("keyTitle") : t("keyTitleAgain")}
      description={t("keyText")}
    >
      <form onSubmit={use} className="flex flex-col gap-4">
        <Field
          label={t("keyLabel")}
          hint={t("keyHint")}
          error={trouble}
          type="password"
          autoComplete="current-password"
          data-autofocus
          value={key}
          onChange={(event) => {
            type(event.target.value);
            setTrouble(null);
          }}
        />
        <Button kind="primary" type="submit" disabled={key.trim() === "" || trying}>
          {t("keyUse")}
        </Button>
      </form>
    </Dialog>
  );
}

/** Whether the service takes a key. Throws `ProblemError` where that cannot be told. */
async function fits(key: string): Promise<boolean> {
  const response = await fetch("/api/me", { headers: { authorization: `Bearer ${key}` } });
  if (response.status === 401) return false;
  if (!response.ok) throw await problemOf(response);
  return true;
}
