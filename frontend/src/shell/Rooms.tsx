import { Suspense } from "react";
import { Conversation } from "@/conversation/Conversation";
import { ErrorBoundary } from "./ErrorBoundary";
import { Header } from "./Header";
import { lazyPart } from "./lazy-part";
import { NotFound } from "./NotFound";
import { RoomSkeleton } from "./RoomSkeleton";
import { type Route, useRoute } from "./router";

const MemoryPage = lazyPart(() => import("@/memory/MemoryPage").then((m) => m.MemoryPage), { texts: true });
const SettingsPage = lazyPart(() => import("@/settings/SettingsPage").then((m) => m.SettingsPage), {
  texts: true,
});

/** The room that the address leads to. */
export function Rooms() {
  const route = useRoute();
  return (
    <ErrorBoundary
      resetKey={route.name}
      around={(words) => (
        <>
          <Header title="" />
          {words}
        </>
      )}
    >
      <Suspense fallback={<RoomSkeleton />}>{room(route)}</Suspense>
    </ErrorBoundary>
  );
}

function room(route: Route) {
  switch (route.name) {
    case "new":
      return <Conversation sessionId={null} messageId={null} />;
    case "chat":
      return <Conversation sessionId={route.sessionId} messageId={route.messageId} />;
    case "memory":
      return <MemoryPage />;
    case "settings":
      return <SettingsPage />;
    case "missing":
      return <NotFound path={route.path} />;
  }
}
