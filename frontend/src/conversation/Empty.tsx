import { useMe, useRetention } from "@/api/queries";
import { COMPOSER } from "@/shell/shortcuts";
import { setDraft } from "./drafts";
import { Greeting } from "./Greeting";
import { NEW } from "./turn";

/** A chat before its first message. */
export function Empty({ temporary }: { temporary: boolean }) {
  const { data } = useRetention();
  const { data: me } = useMe();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <Greeting
        temporary={temporary}
        off={me?.memory_enabled === false}
        known={(data?.usage.memories ?? 0) > 0}
        onExample={(words) => {
          setDraft(NEW, words);
          document.getElementById(COMPOSER)?.focus();
        }}
      />
    </div>
  );
}
