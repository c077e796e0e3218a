import { Component, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/ui/Button";
import { Mark } from "@/ui/Mark";
import { forgetFailed, NotLoaded } from "./lazy-part";
import { waitForService } from "./waiting";

interface ErrorBoundaryProps {
  children: ReactNode;
  /** With another one it is tried anew. */
  resetKey?: string;
  /** What stands around the words that say what happened: a dialog, a header. */
  around?(words: ReactNode): ReactNode;
  /** Called when it broke. Nothing is shown then: whoever is told says it. */
  onFailed?(): void;
}

interface State {
  error: unknown;
  broken: boolean;
  /** It was tried again. */
  tried: boolean;
}

/** What stands where a part of the page broke, or could not be loaded. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { error: null, broken: false, tried: false };
  private stopWaiting = () => {};

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error, broken: true };
  }

  override componentDidMount(): void {
    window.addEventListener("online", this.back);
  }

  override componentWillUnmount(): void {
    window.removeEventListener("online", this.back);
    this.stopWaiting();
  }

  /** The network is back, and what did not come may. */
  private readonly back = () => {
    if (this.state.broken && this.state.error instanceof NotLoaded) this.again();
  };

  private readonly again = () => {
    this.stopWaiting();
    this.setState({ broken: false, tried: true });
  };

  override componentDidCatch(error: unknown): void {
    forgetFailed();
    if (this.props.onFailed) this.props.onFailed();
    else if (error instanceof NotLoaded) this.wait();
  }

  /** The service may be away where the network is not. One that is there and has not got it is asked only once more. */
  private wait(): void {
    this.stopWaiting();
    this.stopWaiting = waitForService((away) => {
      if (away || !this.state.tried) this.back();
    });
  }

  override componentDidUpdate(before: ErrorBoundaryProps): void {
    if (!this.state.broken || before.resetKey === this.props.resetKey) return;
    this.stopWaiting();
    this.setState({ broken: false, tried: false });
  }

  override render(): ReactNode {
    const { broken, error, tried } = this.state;
    const { children, around, onFailed } = this.props;
    if (!broken) return children;
    if (onFailed) return null;
    const words = error instanceof NotLoaded ? <Unloaded tried={tried} onAgain={this.again} /> : <Broken />;
    return around ? around(words) : words;
  }
}

/** A part whose code did not come. It is tried again by itself when the network or the service is back. */
function Unloaded({ tried, onAgain }: { tried: boolean; onAgain(): void }) {
  const t = useTranslations("shell");
  const common = useTranslations("common");
  return (
    <div role="alert" className="m-auto flex max-w-md flex-col items-start gap-3 p-6">
      <p className="text-soft">{t("unloaded")}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onAgain}>{common("retry")}</Button>
        {/* A page from before an upgrade asks in vain for what is no more. */}
        {tried && <Button onClick={() => window.location.reload()}>{t("failedReload")}</Button>}
      </div>
    </div>
  );
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
