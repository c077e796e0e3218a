import { Suspense, useEffect } from "react";
import { useTranslations } from "use-intl";
import { ErrorBoundary } from "@/shell/ErrorBoundary";
import { lazyPart } from "@/shell/lazy-part";
import { toast } from "@/ui/Toast";
import { close, useOpened } from "./opened";

const DetailDialog = lazyPart(() => import("./DetailDialog").then((m) => m.DetailDialog));
const AddDialog = lazyPart(() => import("./AddDialog").then((m) => m.AddDialog));
const ImportDialog = lazyPart(() => import("./transfer/ImportDialog").then((m) => m.ImportDialog));
const ClearDialog = lazyPart(() => import("./ClearDialog").then((m) => m.ClearDialog));
const ChatDialog = lazyPart(() => import("./ChatDialog").then((m) => m.ChatDialog));

/** Whatever lies over the page now. It goes with the page. */
export function Dialogs() {
  const opened = useOpened((state) => state.opened);
  const t = useTranslations("shell");
  useEffect(() => close, []);
  function unloaded(): void {
    close();
    toast({ text: t("unloaded"), tone: "trouble" });
  }
  return (
    <ErrorBoundary resetKey={opened?.name ?? ""} onFailed={unloaded}>
      <Suspense>
        {opened?.name === "detail" && <DetailDialog key={opened.id} id={opened.id} />}
        {opened?.name === "add" && <AddDialog />}
        {opened?.name === "import" && <ImportDialog />}
        {opened?.name === "clear" && <ClearDialog />}
        {opened?.name === "chats" && <ChatDialog />}
      </Suspense>
    </ErrorBoundary>
  );
}
