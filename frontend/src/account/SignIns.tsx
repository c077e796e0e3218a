import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import type { SignedIn } from "@/api/types";
import { useWhen } from "@/memory/when";
import { Card } from "@/settings/Parts";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { readAgent } from "./agent";
import { readAgain, useSignIns } from "./data";
import { useAccountTrouble } from "./problem";

/** The browsers that one is signed in with; each can be signed out from here. */
export function SignIns() {
  const t = useTranslations("account.you");
  const troubleOf = useAccountTrouble();
  const { data: signIns, error } = useSignIns();

  async function end(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      toast({ text: t("ended") });
    } catch (thrown) {
      toast({ text: troubleOf(thrown), tone: "trouble" });
    }
    readAgain("signIns");
  }
  const others = signIns?.filter(({ current }) => !current) ?? [];
  return (
    <Card title={t("signIns")} text={t("signInsText")}>
      {error && <p className="text-clay text-small">{troubleOf(error)}</p>}
      {!signIns && !error && <Skeleton className="h-16 rounded-row" />}
      <ul className="flex flex-col gap-3">
        {signIns?.map((signIn) => (
          <Row
            key={signIn.id}
            signIn={signIn}
            onEnd={() =>
              end(() =>
                take(
                  api.DELETE("/api/auth/sign-ins/{sign_in_id}", {
                    params: { path: { sign_in_id: signIn.id } },
                  }),
                ),
              )
            }
          />
        ))}
      </ul>
      {others.length > 1 && (
        <Button
          size="small"
          kind="danger"
          className="self-start"
          onClick={() => end(() => take(api.DELETE("/api/auth/sign-ins")))}
        >
          {t("endOthers")}
        </Button>
      )}
    </Card>
  );
}

function Row({ signIn, onEnd }: { signIn: SignedIn; onEnd(): void }) {
  const t = useTranslations("account.you");
  const when = useWhen();
  const known = readAgent(signIn.agent);
  const name = known ? t("agent", known) : signIn.agent || t("unknown");
  return (
    <li className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere font-medium">
          {name}
          {signIn.current && <span className="font-normal text-matcha"> · {t("here")}</span>}
        </p>
        <p className="tabular text-small text-soft">
          {t("since", { when: when.exactly(signIn.created_at) })}
          {!signIn.current && ` · ${t("seen", { when: when.exactly(signIn.last_seen_at) })}`}
        </p>
      </div>
      {!signIn.current && (
        <Button size="small" aria-label={t("endNamed", { name })} onClick={onEnd}>
          {t("end")}
        </Button>
      )}
    </li>
  );
}
