import { Line } from "@/settings/Keys";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

interface MadeDialogProps {
  title: string;
  text: string;
  done: string;
  /** What was made, and is not shown again. */
  secret: string;
  onClose(): void;
}

/** Shows a secret this once, to be copied. */
export function MadeDialog({ title, text, done, secret, onClose }: MadeDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={text}
      actions={
        <Button kind="primary" onClick={onClose}>
          {done}
        </Button>
      }
    >
      <Line text={secret} />
    </Dialog>
  );
}
