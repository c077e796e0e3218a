import { useEffect } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { announce } from "@/shell/announce";
import { cx } from "@/ui/cx";

/** Longer numbers would crowd out what stands beside them on a phone. */
const LONG = 10_000;

interface RoomProps {
  /** The id by which the field names this as what describes it. */
  id: string;
  /** How many more characters fit; below 0 they are too many. */
  left: number;
}

/** How much more fits a message, shown when one comes near its limit. Too much is said in words where they have room. */
export function Room({ id, left }: RoomProps) {
  const t = useTranslations("conversation");
  const format = useFormatter();
  const over = left < 0;
  useEffect(() => {
    if (over) announce(t("tooLong"));
  }, [over, t]);
  return (
    <span
      id={id}
      className={cx("tabular shrink-0 text-small", over ? "font-medium text-clay" : "text-faint")}
    >
      <span aria-hidden="true" className={cx(over && "sm:hidden")}>
        {format.number(left, { notation: Math.abs(left) < LONG ? "standard" : "compact" })}
      </span>
      <span className={over ? "max-sm:sr-only" : "sr-only"}>
        {over ? t("tooMany", { count: -left }) : t("roomLeft", { count: left })}
      </span>
    </span>
  );
}
