import type {
  Account,
  AuthState,
  Key,
  ListedSession,
  Me,
  Message,
  RecalledMemory,
  Retention,
  RetentionPreview,
  SignedIn,
} from "@/api/types";

/** A message, as little as a test has to say of it. */
export function message(id: string, role: "user" | "assistant", more: Partial<Message> = {}): Message {
  return {
    id,
    role,
    content: `words of ${id}`,
    speaker: null,
    parent_id: null,
    siblings: [],
    created_at: "2026-03-01T10:00:00Z",
    finish_reason: role === "assistant" ? "stop" : null,
    model: null,
    memories: [],
    degraded: false,
    usage: null,
    error_code: null,
    forgotten: 0,
    learned: [],
    ...more,
  };
}

/** A conversation of questions `q1`, `q2` … and answers `a1`, `a2` … */
export function conversation(turns: number): Message[] {
  return Array.from({ length: turns }, (_, n) => [
    message(`q${n + 1}`, "user"),
    message(`a${n + 1}`, "assistant"),
  ]).flat();
}

export function memory(id: string, more: Partial<RecalledMemory> = {}): RecalledMemory {
  return {
    id,
    kind: "fact",
    text: `memory ${id}`,
    role: "user",
    speaker: null,
    score: 0.5,
    session_id: null,
    session_title: null,
    session_archived: false,
    created_at: "2026-03-01T10:00:00Z",
    day: null,
    valid_from: null,
    valid_to: null,
    superseded_by: null,
    pinned: false,
    state: "active",
    confirmed: 0,
    recalled_count: 0,
    last_recalled_at: null,
    sources: [],
    in_view: false,
    number: null,
    ...more,
  };
}

export function session(id: string, more: Partial<ListedSession> = {}): ListedSession {
  return {
    id,
    title: `chat ${id.slice(-1)}`,
    created_at: "2026-03-01T10:00:00Z",
    updated_at: new Date().toISOString(),
    archived: false,
    memory_enabled: true,
    temporary: false,
    head_id: null,
    active_run_id: null,
    match: null,
    ...more,
  };
}

export const ME: Me = {
  id: "00000000-0000-7000-8000-000000000001",
  name: "local",
  memory_enabled: true,
  about_me: "",
  how_to_answer: "",
  language: null,
  retention: { memories: null, days: null },
  service: { message_limit: 32_000, facts: true, titles: true, citations: true },
};

export const RETENTION: Retention = {
  policy: { memories: null, bytes: null, episode_days: null, digest_days: null, fact_days: null },
  everyone: { memories: null, bytes: null, episode_days: null, digest_days: null, fact_days: null },
  usage: {
    memories: 1_148,
    coming: 0,
    bytes: 90_000,
    oldest: null,
    pinned: 12,
    paused: 0,
    kinds: { fact: 148, episode: 990, digest: 10 },
  },
  holds_from: null,
  runs: [],
};

/** As it is where nothing leaves. */
export const PREVIEW: RetentionPreview = {
  policy: RETENTION.policy,
  memories: 0,
  bytes: 0,
  kinds: {},
  reasons: {},
  at: null,
  items: [],
};

export const AUTH: AuthState = {
  mode: "accounts",
  signed_in: true,
  login: "ada",
  role: "member",
  must_change_password: false,
  has_password: true,
  oidc: null,
};

export const SIGN_IN: SignedIn = {
  id: "s1",
  way: "password",
  agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  created_at: "2026-03-01T10:00:00Z",
  last_seen_at: "2026-03-02T10:00:00Z",
  expires_at: "2026-04-01T10:00:00Z",
  current: true,
};

export const KEY: Key = {
  id: "k1",
  name: "Terminal",
  hint: "mem_abcd",
  scopes: ["chat", "memories:read"],
  created_at: "2026-03-01T10:00:00Z",
  expires_at: "2026-06-01T10:00:00Z",
  last_used_at: null,
  current: false,
};

export const ACCOUNT: Account = {
  id: "u2",
  login: "bob",
  role: "member",
  created_at: "2026-03-01T10:00:00Z",
  last_seen_at: null,
  disabled_at: null,
  has_password: true,
  sessions: 2,
  messages: 8,
  memories: 3,
};
