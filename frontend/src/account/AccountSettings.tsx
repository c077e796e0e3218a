import { useState } from "react";
import { useTranslations } from "use-intl";
import { Card } from "@/settings/Parts";
import { Button } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { useAuth } from "./data";
import { signOut } from "./leaving";
import { PasswordForm } from "./PasswordForm";
import { useAccountTrouble } from "./problem";
import { SignIns } from "./SignIns";

/** Who is signed in, their password, and where else they are. */
export function AccountSettings() {
  const t = useTranslations("account");
  const { data: auth } = useAuth();
  if (!auth) return <Skeleton className="h-80 rounded-card" />;
  const login = auth.login ?? "";
  return (
    <>
      <Card title={t("you.who", { login })} text={t(auth.role === "admin" ? "you.admin" : "you.member")}>
        <Leave />
      </Card>
      {auth.has_password && (
        <Card title={t("you.password")} text={t("you.passwordText")}>
          <Password login={login} />
        </Card>
      )}
      <SignIns />
    </>
  );
}

function Leave() {
  const t = useTranslations("account");
  const troubleOf = useAccountTrouble();
  const [leaving, setLeaving] = useState(false);

  async function leave(): Promise<void> {
    setLeaving(true);
    try {
      await signOut();
    } catch (error) {
      toast({ text: troubleOf(error), tone: "trouble" });
      setLeaving(false);
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button disabled={leaving} onClick={leave}>
        {t("signOut")}
      </Button>
      <p className="min-w-0 flex-1 basis-60 text-small text-soft">{t("you.signOutText")}</p>
    </div>
  );
}

function Password({ login }: { login: string }) {
  const t = useTranslations("account.you");
  return (
    <PasswordForm
      login={login}
      labels={{ old: t("passwordOld"), action: t("passwordDo") }}
      onDone={() => toast({ text: t("passwordDone") })}
    />
  );
}
