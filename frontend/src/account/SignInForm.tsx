import { type FormEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { forgetKey, useCredential } from "@/api/credential";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { readAgain } from "./data";
import { enter } from "./entering";
import { PasswordField } from "./PasswordField";
import { useAccountTrouble } from "./problem";

/** A login and its password, or the way to a provider. `oidc`: what that is called; null: there is none. */
export function SignInForm({ oidc }: { oidc: string | null }) {
  const t = useTranslations("account");
  const troubleOf = useAccountTrouble();
  const field = useRef<HTMLInputElement>(null);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [trying, setTrying] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(useReturned());

  async function signIn(event: FormEvent): Promise<void> {
    event.preventDefault();
    // The button stays within reach while it is tried, or the focus would be lost.
    if (trying) return;
    setTrying(true);
    setTrouble(null);
    try {
      const state = await take(api.POST("/api/auth/sign-in", { body: { login: login.trim(), password } }));
      if (!state.must_change_password) return await enter();
      forgetKey();
      readAgain("auth");
      useCredential.setState({ wanted: "password" });
    } catch (error) {
      setTrouble(troubleOf(error));
      if (asProblem(error).code === "wrong_password") field.current?.select();
    }
    setTrying(false);
  }
  return (
    <form onSubmit={signIn} className="flex flex-col gap-4 rounded-shell border border-line bg-card p-5">
      <Field
        label={t("login")}
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        required
        autoFocus
        value={login}
        onChange={(event) => setLogin(event.target.value)}
      />
      <PasswordField
        ref={field}
        label={t("password")}
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <p role="alert" className="text-clay text-small empty:hidden">
        {trouble}
      </p>
      <Button kind="primary" type="submit" aria-disabled={trying}>
        {trying ? t("signingIn") : t("signIn")}
      </Button>
      {oidc !== null && (
        <a
          href="/api/auth/oidc"
          className="inline-flex min-h-9 pointer-coarse:min-h-11 items-center justify-center rounded-full border border-line bg-card px-4 text-center font-medium text-ui transition-colors duration-150 hover:bg-hover"
        >
          {t("signInWith", { name: oidc })}
        </a>
      )}
    </form>
  );
}

/** Why the provider's answer was not taken, where one comes back from there. */
function useReturned(): string | null {
  const t = useTranslations("account.problems");
  const code = new URLSearchParams(window.location.search).get("error");
  if (code === null || !code.startsWith("oidc_")) return null;
  return t.has(code as never) ? t(code as never) : t("oidc_refused");
}
