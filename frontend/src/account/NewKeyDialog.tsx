import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import type { MadeKey } from "@/api/types";
import { Options } from "@/settings/Options";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { useAuth } from "./data";
import { useAccountTrouble } from "./problem";
import { ADMINS, SCOPES, type Scope, useScopeWords } from "./scopes";

/** For how long a key is good, days; none: until it is revoked. */
const SPANS = { month: 30, quarter: 90, year: 365, forever: null } as const;
type Span = keyof typeof SPANS;
const DAY = 86_400_000;
/** What is chosen at first: enough to talk and be remembered, and nothing that takes anything away. */
const USUAL: readonly Scope[] = ["chat", "memories:read"];

interface NewKeyDialogProps {
  onMade(key: MadeKey): void;
  onClose(): void;
}

/** What a key is to be called, what it may do, and for how long. */
export function NewKeyDialog({ onMade, onClose }: NewKeyDialogProps) {
  const t = useTranslations("account.keys");
  const common = useTranslations("common");
  const troubleOf = useAccountTrouble();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(USUAL);
  const [span, setSpan] = useState<Span>("quarter");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ name?: string; rest?: string }>({});
  const labels = {
    month: t("days", { days: SPANS.month }),
    quarter: t("days", { days: SPANS.quarter }),
    year: t("year"),
    forever: t("forever"),
  };

  async function make(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (name.trim() === "") return setWrong({ name: t("needName") });
    if (scopes.length === 0) return setWrong({ rest: t("needScope") });
    setBusy(true);
    setWrong({});
    const days = SPANS[span];
    const expires_at = days === null ? null : new Date(Date.now() + days * DAY).toISOString();
    try {
      onMade(
        await take(api.POST("/api/keys", { body: { name: name.trim(), scopes: [...scopes], expires_at } })),
      );
    } catch (error) {
      setWrong({ rest: troubleOf(error) });
      setBusy(false);
    }
  }
  return (
    <Dialog open onOpenChange={onClose} title={t("create")}>
      <form onSubmit={make} className="flex flex-col gap-4">
        <Field
          label={t("name")}
          placeholder={t("nameExample")}
          data-autofocus
          autoComplete="off"
          maxLength={100}
          value={name}
          error={wrong.name}
          onChange={(event) => setName(event.target.value)}
        />
        <ScopeBoxes chosen={scopes} onChange={setScopes} />
        <div className="flex flex-col gap-1.5">
          <p className="font-medium text-ui">{t("expires")}</p>
          <Options<Span>
            label={t("expires")}
            value={span}
            options={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: labels[value] }))}
            onChange={setSpan}
          />
        </div>
        <p role="alert" className="text-clay text-small empty:hidden">
          {wrong.rest}
        </p>
        <div className="flex justify-end gap-2">
          <Button kind="ghost" onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="primary" type="submit" disabled={busy}>
            {t("make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ScopeBoxesProps {
  chosen: readonly Scope[];
  onChange(scopes: readonly Scope[]): void;
}

function ScopeBoxes({ chosen, onChange }: ScopeBoxesProps) {
  const t = useTranslations("account.keys");
  const wordsOf = useScopeWords();
  const { data: auth } = useAuth();
  const offered = SCOPES.filter((scope) => auth?.role === "admin" || !ADMINS.includes(scope));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1.5 font-medium text-ui">{t("scopes")}</legend>
      {offered.map((scope) => (
        <label
          key={scope}
          className="flex min-h-8 pointer-coarse:min-h-11 cursor-pointer items-center gap-2.5 rounded-row"
        >
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-mocha"
            checked={chosen.includes(scope)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
            }
          />
          {wordsOf(scope)}
        </label>
      ))}
    </fieldset>
  );
}
