import { Root } from "@/shell/Root";

/** What a host of static files sends for an address without a file: the same page. The service needs no file to do so. */
export default function NotFound() {
  return <Root />;
}
