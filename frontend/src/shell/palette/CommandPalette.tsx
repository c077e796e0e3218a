import { Command } from "cmdk";
import { ArrowLeft, LoaderCircle, Search } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Kbd } from "@/ui/Kbd";
import { Modal } from "@/ui/Modal";
import { ChoicePage } from "./ChoicePage";
import { Contents } from "./Contents";
import type { Page } from "./commands";
import { useFound } from "./finding";
import { useFirst } from "./selection";

/** Search and commands, by keyboard. */
export function CommandPalette({ onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useTranslations("palette");
  const [page, turn] = useState<Page | null>(null);
  const [words, type] = useState("");
  const found = useFound(page === null ? words : "");
  const list = useRef<HTMLDivElement>(null);
  const { value, setValue, setMoved } = useFirst(list, `${page} ${words} ${found.words} ${found.settled}`);
  const close = () => onOpenChange(false);

  function go(to: Page | null): void {
    turn(to);
    type("");
    setMoved(false);
  }
  function press(event: KeyboardEvent): void {
    if (/^(Arrow|Home|End)/.test(event.key)) setMoved(true);
    const back = event.key === "Escape" || (event.key === "Backspace" && words === "");
    if (page === null || !back || event.nativeEvent.isComposing) return;
    // Back to where one was, rather than away.
    event.preventDefault();
    event.stopPropagation();
    go(null);
  }
  return (
    <Modal
      label={t("title")}
      onClose={() => (page === null ? close() : go(null))}
      className="mx-auto mt-[max(0.75rem,12dvh)] mb-auto w-[calc(100%-1.5rem)] max-w-[38rem] animate-rise overflow-hidden rounded-shell border border-line bg-paper shadow-float max-sm:mt-3"
    >
      <Command
        label={t("title")}
        // What is found comes ranked from the service; commands are matched in commands.ts.
        shouldFilter={false}
        value={value}
        onValueChange={setValue}
        loop
        onKeyDown={press}
        className="flex max-h-[min(32rem,calc(100dvh-6rem))] flex-col"
      >
        <div className="flex items-center gap-3 border-line border-b px-4">
          {page === null ? (
            <Search size={17} aria-hidden="true" className="shrink-0 text-soft" />
          ) : (
            <button
              type="button"
              aria-label={t("back")}
              onClick={() => go(null)}
              className="-m-2 rounded-row p-2 text-soft hover:text-ink"
            >
              <ArrowLeft size={17} className="rtl:-scale-x-100" />
            </button>
          )}
          <Command.Input
            data-autofocus
            value={words}
            onValueChange={(text) => {
              type(text);
              setMoved(false);
            }}
            maxLength={200}
            placeholder={page === null ? t("placeholder") : t(`pages.${page}`)}
            className="min-h-13 min-w-0 flex-1 bg-transparent text-answer outline-none"
          />
          {found.looking && (
            <LoaderCircle size={16} aria-hidden="true" className="shrink-0 animate-spin text-faint" />
          )}
          <span className="max-sm:hidden">
            <Kbd keys={["Esc"]} />
          </span>
        </div>
        <Command.List
          ref={list}
          // One goes on typing, whatever was pressed.
          onMouseDown={(event) => event.preventDefault()}
          label={t("results")}
          className="min-h-0 flex-1 scroll-py-2 overflow-y-auto overscroll-contain p-2"
        >
          {page === null ? (
            <Contents words={words} found={found} onPage={go} onDone={close} />
          ) : (
            <ChoicePage page={page} words={words} onDone={close} />
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}
