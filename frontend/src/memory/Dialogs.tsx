import { lazy, Suspense, useEffect } from "react";
import { close, useOpened } from "./opened";

const DetailDialog = lazy(() => import("./DetailDialog").then((m) => ({ default: m.DetailDialog })));
const AddDialog = lazy(() => import("./AddDialog").then((m) => ({ default: m.AddDialog })));
const ImportDialog = lazy(() => import("./transfer/ImportDialog").then((m) => ({ default: m.ImportDialog })));
const ClearDialog = lazy(() => import("./ClearDialog").then((m) => ({ default: m.ClearDialog })));
const ChatDialog = lazy(() => import("./ChatDialog").then((m) => ({ default: m.ChatDialog })));

/** Whatever lies over the page now. It goes with the page. */
export function Dialogs() {
  const opened = useOpened((state) => state.opened);
  useEffect(() => close, []);
  return (
    <Suspense>
      {opened?.name === "detail" && <DetailDialog key={opened.id} id={opened.id} />}
      {opened?.name === "add" && <AddDialog />}
      {opened?.name === "import" && <ImportDialog />}
      {opened?.name === "clear" && <ClearDialog />}
      {opened?.name === "chats" && <ChatDialog />}
    </Suspense>
  );
}
