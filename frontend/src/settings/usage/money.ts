import { useFormatter } from "use-intl";

/** Money as it is shown: small sums to a hundredth of a cent, since an answer costs less than one. */
export function useMoney(): (usd: number) => string {
  const format = useFormatter();
  return (usd) =>
    format.number(usd, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: 2,
      maximumFractionDigits: usd > 0 && usd < 1 ? 4 : 2,
    });
}
