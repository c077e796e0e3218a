import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api, take } from "@/api/client";
import { asProblem, useProblemText } from "@/api/problem";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Session } from "@/api/types";
import { setTurn } from "@/conversation/turn";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { shortTitle } from "./title";

/** Empties a conversation, after a word of warning and with a receipt. */
export function ResetDialog({ session, onClose }: { session: Session; onClose(): void }) {
  const t = useTranslations("sessions");
  const common = useTranslations("common");
  const textOf = useProblemText();
  const { id } = session;
  const reset = useMutation({
    mutationFn: () =>
      take(api.POST("/api/sessions/{session_id}/reset", { params: { path: { session_id: id } } })),
    onSuccess() {
      setTurn(id, null);
      void queryClient.resetQueries({ queryKey: keys.messages(id) });
      void queryClient.invalidateQueries({ queryKey: keys.session(id) });
      void queryClient.invalidateQueries({ queryKey: keys.allSessions });
      void queryClient.invalidateQueries({ queryKey: keys.memories });
    },
  });

  if (reset.data) {
    const { messages, memories, note } = reset.data;
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={t("resetDone")}
        description={t("resetReceipt", { messages, memories })}
        actions={
          <Button kind="primary" data-autofocus onClick={onClose}>
            {common("close")}
          </Button>
        }
      >
        {note && <p className="text-small text-soft">{note}</p>}
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("resetTitle")}
      description={t("resetText", { title: shortTitle(session.title || t("untitled")) })}
      actions={
        <>
          <Button kind="ghost" data-autofocus onClick={onClose}>
            {common("cancel")}
          </Button>
          <Button kind="danger" disabled={reset.isPending} onClick={() => reset.mutate()}>
            {t("resetDo")}
          </Button>
        </>
      }
    >
      {reset.error && (
        <p role="alert" className="text-clay">
          {textOf(asProblem(reset.error))}
        </p>
      )}
    </Dialog>
  );
}
