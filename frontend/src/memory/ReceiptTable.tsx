import { useFormatter, useTranslations } from "use-intl";
import type { Receipt } from "@/api/types";
import type { ErasureReceipt } from "./kinds";

/** Of the service's stores, in the order in which people think of them. */
const STORES = [
  "sessions",
  "messages",
  "memories",
  "facts",
  "digests",
  "vectors",
  "runs",
  "checkpoints",
  "jobs",
  "usage",
] as const;

/** Those that are counted among the memories already. */
const PARTS = new Set<string>(["facts", "digests"]);

interface ReceiptTableProps {
  receipt: Receipt | ErasureReceipt;
  /** All that is kept was to go. */
  everything: boolean;
}

/** What was removed, store by store, and whether the index was seen to have none of it. What stays, the page has said above. */
export function ReceiptTable({ receipt, everything }: ReceiptTableProps) {
  const t = useTranslations("memory");
  const format = useFormatter();
  const counts = receipt as Partial<Record<(typeof STORES)[number], number>>;
  // A receipt of memories tells of what it touched; one of everything of every store.
  const told = STORES.filter((store) => everything || store === "memories" || counts[store]);
  return (
    <dl className="tabular rounded-card border border-line bg-card px-4">
      {told.map((store) => (
        <div key={store} className="flex justify-between gap-4 border-line border-b py-2 last:border-b-0">
          <dt className={PARTS.has(store) ? "ps-4 text-soft" : undefined}>{t(`stores.${store}`)}</dt>
          <dd className="font-semibold">{format.number(counts[store] ?? 0)}</dd>
        </div>
      ))}
      <div className="py-2 text-small text-soft">
        <dt className="sr-only">{t("verifiedTitle")}</dt>
        <dd>{t(receipt.verified ? "verified" : "verifiedNot")}</dd>
      </div>
    </dl>
  );
}
