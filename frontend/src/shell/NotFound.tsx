import { useTranslations } from "use-intl";
import { Mark } from "@/ui/Mark";
import { Header } from "./Header";
import { Link } from "./router";
import { useTitle } from "./title";

/** An address that leads nowhere. */
export function NotFound({ path }: { path: string }) {
  const t = useTranslations("shell");
  useTitle(t("missingTitle"));
  return (
    <>
      <Header title="" />
      <div className="m-auto flex max-w-md flex-col items-start gap-3 p-6">
        <Mark size={36} />
        <h1 className="text-title">{t("missingTitle")}</h1>
        <p className="break-words text-soft">{t("missingText", { path })}</p>
        <Link to="/" className="font-medium text-mocha underline underline-offset-4">
          {t("missingBack")}
        </Link>
      </div>
    </>
  );
}
