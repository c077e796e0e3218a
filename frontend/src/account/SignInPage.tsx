import { type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { noteAccounts, useCredential } from "@/api/credential";
import { queryClient } from "@/api/query-client";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { useTitle } from "@/shell/title";
import { Button } from "@/ui/Button";
import { Mark } from "@/ui/Mark";
import { accountKeys, useAuth } from "./data";
import { enter } from "./entering";
import { signOut } from "./leaving";
import { PasswordForm } from "./PasswordForm";
import { useAccountTrouble } from "./problem";
import { SignInForm } from "./SignInForm";

/** In place of the page, where nobody is signed in, or with a password that another chose. */
export function SignInPage() {
  const choosing = useCredential((state) => state.wanted === "password");
  useEffect(() => {
    noteAccounts(true);
    // All else was read for somebody who is here no more.
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== accountKeys.auth[0] });
  }, []);
  return (
    <ErrorBoundary>
      <main className="grid min-h-dvh place-items-center px-4 py-10">
        <div className="flex w-full max-w-sm animate-fade-in flex-col gap-6">
          {choosing ? <Choose /> : <SignIn />}
        </div>
      </main>
    </ErrorBoundary>
  );
}

function SignIn() {
  const t = useTranslations("account");
  const { data: auth } = useAuth();
  useTitle(t("signIn"));
  return (
    <>
      <Title text={t("signInText")}>{t("signIn")}</Title>
      <SignInForm oidc={auth?.oidc ?? null} />
    </>
  );
}

/** A one-time password has let them in this far. */
function Choose() {
  const t = useTranslations("account");
  const troubleOf = useAccountTrouble();
  const [trouble, setTrouble] = useState<string | null>(null);
  const { data: auth } = useAuth();
  useTitle(t("choose"));
  const or = (work: () => Promise<void>) => () => work().catch((thrown) => setTrouble(troubleOf(thrown)));
  return (
    <>
      <Title text={t("chooseText")}>{t("choose")}</Title>
      <div className="rounded-shell border border-line bg-card p-5">
        <PasswordForm
          login={auth?.login ?? ""}
          labels={{ old: t("oneTime"), action: t("chooseDo") }}
          onDone={or(enter)}
        />
      </div>
      <p role="alert" className="text-clay text-small empty:hidden">
        {trouble}
      </p>
      <Button kind="ghost" onClick={or(signOut)}>
        {t("signOut")}
      </Button>
    </>
  );
}

function Title({ text, children }: { text: string; children: ReactNode }) {
  return (
    <header className="flex flex-col items-center gap-2 text-center">
      <Mark size={44} />
      <h1 className="mt-2 text-title">{children}</h1>
      <p className="text-soft">{text}</p>
    </header>
  );
}
