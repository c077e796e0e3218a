/** The service's own types, by short names. All come from its description (schema.d.ts). */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** As the service answers: it leaves nothing out, though a request might. */
export type Told<T> = T extends readonly (infer Item)[]
  ? Told<Item>[]
  : T extends object
    ? { [Name in keyof T]-?: Told<Exclude<T[Name], undefined>> }
    : T;

export type Session = Told<Schemas["Session"]>;
export type ListedSession = Told<Schemas["ListedSession"]>;
export type Message = Told<Schemas["Message"]>;
export type MessagePage = Told<Schemas["MessagePage"]>;
export type Memory = Told<Schemas["Memory"]>;
export type RecalledMemory = Told<Schemas["RecalledMemory"]>;
export type ListedMemory = Told<Schemas["ListedMemory"]>;
export type MemoryDetail = Told<Schemas["MemoryDetail"]>;
export type Source = Told<Schemas["Source"]>;
export type Receipt = Told<Schemas["Receipt"]>;
export type Job = Told<Schemas["Job"]>;
export type Problem = Told<Schemas["Problem"]>;
export type Readiness = Told<Schemas["Readiness"]>;
export type Retention = Told<Schemas["Retention"]>;
export type RetentionPreview = Told<Schemas["RetentionPreview"]>;
export type ModelChoice = Told<Schemas["ModelChoice"]>;
export type Me = Told<Schemas["Me"]>;
export type AuthState = Told<Schemas["AuthState"]>;
export type SignedIn = Told<Schemas["SignedIn"]>;
export type Key = Told<Schemas["Key"]>;
export type MadeKey = Told<Schemas["MadeKey"]>;
export type Account = Told<Schemas["Account"]>;
export type ChangedAccount = Told<Schemas["ChangedAccount"]>;
export type ChatRequest = Schemas["ChatRequest"];

/** What each event of a run carries. */
export interface RunEvents {
  run: Told<Schemas["RunEvent"]>;
  memories: Told<Schemas["MemoriesEvent"]>;
  token: Told<Schemas["TokenEvent"]>;
  usage: Told<Schemas["UsageEvent"]>;
  done: Told<Schemas["DoneEvent"]>;
  error: Told<Schemas["ErrorEvent"]>;
}

/** One event of a run; `id` counts up in the run. */
export type RunEvent = {
  [Name in keyof RunEvents]: { id: number; event: Name; data: RunEvents[Name] };
}[keyof RunEvents];

/** What happens outside a turn. */
export interface UserEvents {
  hello: Told<Schemas["HelloEvent"]>;
  title: Told<Schemas["TitleEvent"]>;
  remembered: Told<Schemas["RememberedEvent"]>;
  forgotten: Told<Schemas["ForgottenEvent"]>;
  job: Told<Schemas["JobEvent"]>;
  status: Told<Schemas["StatusEvent"]>;
  session: Told<Schemas["SessionEvent"]>;
  run: Told<Schemas["RunBegunEvent"]>;
  memories: Told<Schemas["MemoriesChangedEvent"]>;
  me: Told<Schemas["MeChangedEvent"]>;
}
