import { Component, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { Mark } from "@/ui/Mark";

/** What stands where a part of the page broke. */
export class ErrorBoundary extends Component<
  { children: ReactNode; resetKey?: string },
  { broken: boolean }
> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidUpdate(before: { resetKey?: string }): void {
    if (this.state.broken && before.resetKey !== this.props.resetKey) this.setState({ broken: false });
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const t = useTranslations("shell");
  return (
    <div role="alert" className="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <Mark size={36} />
      <h1 className="text-title">{t("failedTitle")}</h1>
      <p className="text-soft">{t("failedText")}</p>
      <Button kind="primary" onClick={() => window.location.reload()}>
        {t("failedReload")}
      </Button>
    </div>
  );
}
