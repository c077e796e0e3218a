import { Root } from "@/shell/Root";

/** One page is built, for every address: the client reads the address itself. */
export const dynamicParams = false;
export const generateStaticParams = () => [{ path: [] }];

export default function Page() {
  return <Root />;
}
