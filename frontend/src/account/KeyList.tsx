import { useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import type { Key, MadeKey } from "@/api/types";
import { useWhen } from "@/memory/when";
import { Card } from "@/settings/Parts";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { ConfirmDialog } from "./ConfirmDialog";
import { readAgain, useKeys } from "./data";
import { MadeDialog } from "./MadeDialog";
import { NewKeyDialog } from "./NewKeyDialog";
import { useAccountTrouble } from "./problem";
import { useScopeWords } from "./scopes";

type Over = { name: "new" } | { name: "made"; key: MadeKey } | { name: "revoke"; key: Key };

/** The keys that one has made for programs. */
export function KeyList() {
  const t = useTranslations("account.keys");
  const troubleOf = useAccountTrouble();
  const { data: keys, error } = useKeys();
  const [over, show] = useState<Over | null>(null);
  const close = () => show(null);

  async function revoke(key: Key): Promise<void> {
    await take(api.DELETE("/api/keys/{key_id}", { params: { path: { key_id: key.id } } }));
    readAgain("keys");
    close();
  }
  return (
    <Card title={t("title")} text={t("text")}>
      {error && <p className="text-clay text-small">{troubleOf(error)}</p>}
      {!keys && !error && <Skeleton className="h-16 rounded-row" />}
      {keys?.length === 0 && <p className="text-soft">{t("none")}</p>}
      <ul className="flex flex-col gap-3 empty:hidden">
        {keys?.map((key) => (
          <Row key={key.id} made={key} onRevoke={() => show({ name: "revoke", key })} />
        ))}
      </ul>
      <Button size="small" className="self-start" onClick={() => show({ name: "new" })}>
        {t("create")}
      </Button>
      {over?.name === "new" && (
        <NewKeyDialog
          onClose={close}
          onMade={(key) => {
            readAgain("keys");
            show({ name: "made", key });
          }}
        />
      )}
      {over?.name === "made" && (
        <MadeDialog
          title={t("made")}
          text={t("madeText")}
          done={t("done")}
          secret={over.key.key}
          onClose={close}
        />
      )}
      {over?.name === "revoke" && (
        <ConfirmDialog
          title={t("revokeTitle")}
          text={t("revokeText", { name: over.key.name })}
          action={t("revoke")}
          onConfirm={() => revoke(over.key)}
          onClose={close}
        />
      )}
    </Card>
  );
}

function Row({ made, onRevoke }: { made: Key; onRevoke(): void }) {
  const t = useTranslations("account.keys");
  const when = useWhen();
  const wordsOf = useScopeWords();
  return (
    <li className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere font-medium">
          {made.name} <code className="font-mono font-normal text-small text-soft">{made.hint}…</code>
        </p>
        <p className="text-small text-soft">{made.scopes.map(wordsOf).join(" · ")}</p>
        <p className="tabular text-small text-soft">
          {made.expires_at ? t("until", { when: when.exactly(made.expires_at) }) : t("forever")}
          {" · "}
          {made.last_used_at ? t("used", { when: when.exactly(made.last_used_at) }) : t("unused")}
        </p>
      </div>
      <Button
        size="small"
        kind="danger"
        aria-label={t("revokeNamed", { name: made.name })}
        onClick={onRevoke}
      >
        {t("revoke")}
      </Button>
    </li>
  );
}
