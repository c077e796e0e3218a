import { useTranslations } from "use-intl";
import { KeyList } from "@/account/KeyList";
import { keyWanted, setKey, useCredential } from "@/api/credential";
import { queryClient } from "@/api/query-client";
import { CopyButton } from "@/conversation/CopyButton";
import { Button } from "@/ui/Button";
import { Card } from "./Parts";

const MAKE = 'echo "MEMOCHA_API_KEY=$(openssl rand -hex 24)" >> .env';

/** The key of this browser, and how other clients get in. */
export function Keys() {
  const accounts = useCredential((state) => state.accounts);
  return (
    <>
      {accounts ? <KeyList /> : <Own />}
      <Others />
    </>
  );
}

function Own() {
  const t = useTranslations("settings.keys");
  const key = useCredential((state) => state.key);

  function forget(): void {
    setKey(null);
    void queryClient.invalidateQueries();
  }
  return (
    <Card title={t("own")} text={key === null ? t("ownNone") : t("ownKept", { end: key.slice(-4) })}>
      {key === null ? (
        <>
          <p className="text-small text-soft">{t("make")}</p>
          <Line text={MAKE} />
          <p className="text-small text-soft">{t("makeThen")}</p>
          <Button size="small" className="self-start" onClick={keyWanted}>
            {t("enter")}
          </Button>
        </>
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={keyWanted}>
            {t("change")}
          </Button>
          <Button size="small" kind="danger" onClick={forget}>
            {t("forget")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Others() {
  const t = useTranslations("settings.keys");
  const { origin } = window.location;
  const guarded = useCredential(({ key, accounts }) => accounts || key !== null);
  return (
    <Card title={t("others")} text={t("othersText")}>
      <dl className="flex flex-col gap-4">
        <Way name={t("openai")} note={t("openaiModels")} lines={[`${origin}/v1`]} />
        <Way name={t("mcp")} lines={[`${origin}/mcp`, mcpServer(origin, guarded)]} />
        <Way name={t("langserve")} lines={[`${origin}/chat`, remoteRunnable(origin, guarded)]} />
        <Way name={t("api")} lines={[curl(origin, guarded)]} />
      </dl>
      <p className="flex flex-wrap gap-x-5 gap-y-1 text-small">
        <Outside href="/docs">{t("docs")}</Outside>
        <Outside href="/chat/playground/">{t("playground")}</Outside>
      </p>
    </Card>
  );
}

/** One way in, for the programs that know it. */
function Way({ name, note, lines }: { name: string; note?: string; lines: string[] }) {
  return (
    <div className="flex flex-col gap-1.5">
      <dt className="font-medium text-small">{name}</dt>
      <dd className="flex flex-col gap-2">
        {lines.map((line) => (
          <Line key={line} text={line} />
        ))}
        {note && <p className="text-small text-soft">{note}</p>}
      </dd>
    </div>
  );
}

const BEARER = "Bearer $MEMOCHA_API_KEY";

/** The memory as tools, for a program that is told of it on its command line. */
function mcpServer(origin: string, guarded: boolean): string {
  const key = guarded ? ` --header "Authorization: ${BEARER}"` : "";
  return `claude mcp add --transport http memocha ${origin}/mcp${key}`;
}

/** One question and its whole answer, from a terminal. */
function curl(origin: string, guarded: boolean): string {
  const key = guarded ? `-H "Authorization: ${BEARER}" ` : "";
  return `curl ${key}--json '{"message": "What do you know about me?"}' ${origin}/api/chat`;
}

/** A chain for LangChain, in Python. */
function remoteRunnable(origin: string, guarded: boolean): string {
  const key = guarded ? `, headers={"Authorization": os.path.expandvars("${BEARER}")}` : "";
  return `RemoteRunnable("${origin}/chat"${key})`;
}

/** Something to be copied as it stands. */
export function Line({ text }: { text: string }) {
  return (
    <span
      className="flex items-center gap-2 rounded-row border border-line bg-code py-1 ps-3 pe-1.5"
      dir="ltr"
    >
      <code className="min-w-0 flex-1 break-all font-mono text-[0.8125rem] leading-[1.54]">{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

/** A page of the service that is none of the client's. */
export function Outside({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className="font-medium text-mocha underline-offset-4 hover:underline"
    >
      {children}
    </a>
  );
}
