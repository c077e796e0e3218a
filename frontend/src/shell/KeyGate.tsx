import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { setKey, useCredential } from "@/api/credential";
import { queryClient } from "@/api/query-client";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";

/** Asks for the key that the service wants. */
export function KeyGate() {
  const t = useTranslations("shell");
  const [key, type] = useState("");

  function use(event: FormEvent): void {
    event.preventDefault();
    setKey(key.trim());
    void queryClient.invalidateQueries();
  }
  return (
    <Dialog
      open
      onOpenChange={() => useCredential.setState({ wanted: false })}
      title={t("keyTitle")}
      description={t("keyText")}
    >
      <form onSubmit={use} className="flex flex-col gap-4">
        <Field
          label={t("keyLabel")}
          type="password"
          autoComplete="current-password"
          data-autofocus
          value={key}
          onChange={(event) => type(event.target.value)}
        />
        <Button kind="primary" type="submit" disabled={key.trim() === ""}>
          {t("keyUse")}
        </Button>
      </form>
    </Dialog>
  );
}
