import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { keys } from "@/api/queries";
import { queryClient } from "@/api/query-client";
import type { Me } from "@/api/types";
import { choose, chosenParameters } from "@/conversation/choices";
import { setLanguage } from "@/i18n";
import { setTheme } from "@/shell/theme";
import { ME, PREVIEW, RETENTION } from "@/testing/samples";
import { FakeService, json, problem } from "@/testing/service";
import { show } from "@/testing/show";
import { Answers } from "./Answers";
import { LanguageSettings } from "./Language";
import { Look } from "./Look";
import { readLimit } from "./limits";
import { MemorySettings } from "./MemorySettings";
import { changeMe } from "./me";
import { setTextSize } from "./text-size";

function service(): FakeService {
  return new FakeService()
    .on("GET /api/me", () => json(ME))
    .on("GET /api/memories/retention", () => json(RETENTION))
    .on("GET /api/memories/retention/preview", () => json(PREVIEW))
    .install();
}
const sent = (answers: FakeService) =>
  Promise.all(answers.asked.filter(({ method }) => method === "PATCH").map((request) => request.json()));

const model = (name: string, more: object = {}) => ({
  name,
  label: name.split(":")[1],
  default: false,
  local: false,
  context_tokens: 128_000,
  max_tokens: 4_096,
  input_price: 0.15,
  output_price: 0.6,
  ...more,
});

afterEach(() => {
  setTheme("system");
  setTextSize("normal");
  setLanguage(null);
  choose({ model: null, temperature: null, maxTokens: null });
});

describe("changeMe", () => {
  it("shows the change at once, and takes back it alone where the service refuses", async () => {
    let refuse = () => {};
    service().on(
      "PATCH /api/me",
      () =>
        new Promise<Response>((resolve) => {
          refuse = () => resolve(problem(503, "database_unavailable"));
        }),
    );
    queryClient.setQueryData<Me>(keys.me, { ...ME, about_me: "before" });
    const changing = changeMe({ about_me: "after", retention: { days: 90 } });
    await waitFor(() => expect(queryClient.getQueryData<Me>(keys.me)).toMatchObject({ about_me: "after" }));
    expect(queryClient.getQueryData<Me>(keys.me)?.retention).toEqual({ memories: null, days: 90 });
    // Something else is changed meanwhile.
    queryClient.setQueryData<Me>(keys.me, (me) => me && { ...me, language: "pt" });
    refuse();
    await expect(changing).rejects.toThrow();
    expect(queryClient.getQueryData(keys.me)).toEqual({ ...ME, about_me: "before", language: "pt" });
  });
});

describe("memory", () => {
  it("is switched off at once, and on again where the service refuses", async () => {
    let refuse = () => {};
    service().on(
      "PATCH /api/me",
      () =>
        new Promise<Response>((resolve) => {
          refuse = () => resolve(problem(503, "database_unavailable"));
        }),
    );
    show(<MemorySettings />);
    const toggle = await screen.findByRole("switch", { name: "Memory in all chats" });
    await waitFor(() => expect(toggle).toBeEnabled());
    fireEvent.click(toggle);
    await waitFor(() => expect(toggle).toHaveAttribute("aria-checked", "false"));
    refuse();
    await waitFor(() => expect(toggle).toHaveAttribute("aria-checked", "true"));
    expect(screen.getByText(/could not be kept/)).toBeInTheDocument();
  });

  it("says what a limit would mean before it is set", async () => {
    const answers = service().on("PATCH /api/me", async (request) =>
      json({ ...ME, ...(await request.json()) }),
    );
    show(<MemorySettings />);
    const count = await screen.findByLabelText("Memories, at most");
    fireEvent.change(count, { target: { value: "1,000" } });
    expect(screen.getByText(/148 memories would leave/)).toBeInTheDocument();
    fireEvent.change(count, { target: { value: "5000" } });
    expect(screen.getByText(/none leaves now/)).toBeInTheDocument();
    fireEvent.change(screen.getByLabelText("Moments stay, in days"), { target: { value: "90" } });
    expect(screen.getByText(/after 90 days, days after 180, facts after 360/)).toBeInTheDocument();
    expect(await sent(answers)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Set limits" }));
    expect(await screen.findByText(/can be changed back/)).toBeInTheDocument();
    expect(await sent(answers)).toEqual([{ retention: { memories: 5_000, days: 90 } }]);
  });

  it("asks before it sets a limit that takes something, and tells what", async () => {
    const item = {
      id: "0190a000-0000-7000-8000-00000000e001",
      kind: "fact" as const,
      reason: "count" as const,
      text: "You own a kayak.",
      created_at: "2026-03-01T10:00:00Z",
    };
    const at = "2026-03-14T10:00:00Z";
    const answers = service()
      .on("GET /api/memories/retention/preview", () => json({ ...PREVIEW, memories: 148, at, items: [item] }))
      .on("PATCH /api/me", async (request) => json({ ...ME, ...(await request.json()) }));
    show(<MemorySettings />);
    fireEvent.change(await screen.findByLabelText("Memories, at most"), { target: { value: "1000" } });
    fireEvent.click(screen.getByRole("button", { name: "Set limits" }));
    const dialog = within(await screen.findByRole("dialog", { name: "148 memories would leave" }));
    expect(dialog.getByText("You own a kayak.")).toBeInTheDocument();
    expect(dialog.getByText("and 147 more")).toBeInTheDocument();
    fireEvent.click(dialog.getByRole("button", { name: "Keep them" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(await sent(answers)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Set limits" }));
    fireEvent.click(await screen.findByRole("button", { name: "Let them leave" }));
    expect(await screen.findByText(/can be changed back/)).toBeInTheDocument();
    expect(await sent(answers)).toEqual([{ retention: { memories: 1_000, days: null } }]);
  });

  it("tells what is kept of everyone beside a limit of one's own, and that no more can be had", async () => {
    const everyone = { memories: 5_000, bytes: null, episode_days: 365, digest_days: 730, fact_days: 1_460 };
    const policy = { ...everyone, memories: 2_000 };
    service()
      .on("GET /api/me", () => json({ ...ME, retention: { memories: 2_000, days: null } }))
      .on("GET /api/memories/retention", () => json({ ...RETENTION, policy, everyone }));
    show(<MemorySettings />);
    const count = await screen.findByLabelText("Memories, at most");
    expect(count).toHaveAccessibleDescription(/none leaves now.*everyone here: 5,000/);
    const age = screen.getByLabelText("Moments stay, in days");
    expect(age).toHaveAccessibleDescription(/everyone here: 365 days/);
    fireEvent.change(age, { target: { value: "90" } });
    expect(age).toHaveAccessibleDescription(/after 90 days.*everyone here: 365 days/);
    fireEvent.change(count, { target: { value: "6000" } });
    expect(count).toHaveAccessibleDescription(/5,000 is the most here/);
    expect(screen.getByRole("button", { name: "Set limits" })).toBeDisabled();
  });

  it("says what is not done here, and what changes that", async () => {
    const models = (local: boolean) => json({ items: [model("embedded:qwen", { local, default: true })] });
    const off = { ...ME.service, facts: false };
    service()
      .on("GET /api/me", () => json({ ...ME, service: off }))
      .on("GET /api/models", () => models(true));
    const { unmount } = show(<MemorySettings />);
    const words = await screen.findByText(/Facts are not taken with the built-in model/);
    expect(words).toHaveTextContent(/remembered as moments.*larger model changes that.*MEMOCHA_LLM/);
    unmount();
    queryClient.clear();
    service()
      .on("GET /api/me", () => json({ ...ME, service: off }))
      .on("GET /api/models", () => models(false));
    show(<MemorySettings />);
    expect(await screen.findByText(/switched that off/)).toHaveTextContent(/MEMOCHA_FACTS/);
  });

  it("says nothing of the kind where all of it is done", async () => {
    service().on("GET /api/models", () =>
      json({ items: [model("embedded:qwen", { local: true, default: true })] }),
    );
    show(<MemorySettings />);
    await screen.findByText("1,148 memories");
    expect(screen.queryByText(/Facts are not taken/)).toBeNull();
  });

  it("passes on why a limit is refused", async () => {
    const detail = "retention.memories is 9000; 5000 is the most that is kept of anyone";
    service().on("PATCH /api/me", () => problem(422, "invalid_request", { detail }));
    show(<MemorySettings />);
    fireEvent.change(await screen.findByLabelText("Memories, at most"), { target: { value: "9000" } });
    fireEvent.click(screen.getByRole("button", { name: "Set limits" }));
    expect(await screen.findByText(detail)).toBeInTheDocument();
  });

  it.each([
    ["", null],
    ["  ", null],
    ["500", 500],
    ["1,000", 1_000],
    ["1 000", 1_000],
    ["0", "wrong"],
    ["-3", "wrong"],
    ["many", "wrong"],
    ["20000", "wrong"],
  ])("takes the limit %j for %j", (text, limit) => {
    expect(readLimit(text, 10_000)).toBe(limit);
  });
});

describe("answers", () => {
  it("tell of each model what it holds and costs, and keep the chosen one for the next message", async () => {
    service().on("GET /api/models", () =>
      json({
        items: [
          model("embedded:qwen", {
            default: true,
            local: true,
            context_tokens: 4_096,
            input_price: null,
            output_price: null,
          }),
          model("openai:gpt-small"),
        ],
      }),
    );
    show(<Answers />);
    expect(await screen.findByText("4.1K tokens of context · local")).toBeInTheDocument();
    expect(screen.getByText(/128K tokens of context · \$0.15 in, \$0.60 out/)).toBeInTheDocument();
    fireEvent.click(screen.getByRole("radio", { name: /gpt-small/ }));
    expect(chosenParameters()).toEqual({ model: "openai:gpt-small" });
    fireEvent.click(screen.getByRole("radio", { name: /qwen/ }));
    expect(chosenParameters()).toEqual({});
  });

  it("take a temperature and a length, and only such as make sense", async () => {
    service().on("GET /api/models", () => json({ items: [model("openai:gpt-small")] }));
    show(<Answers />);
    await screen.findByText(/only one here/);
    fireEvent.change(screen.getByLabelText("Temperature"), { target: { value: "1.2" } });
    const longest = screen.getByLabelText("Longest answer, in tokens");
    fireEvent.change(longest, { target: { value: "300" } });
    expect(chosenParameters()).toEqual({ temperature: 1.2, max_tokens: 300 });
    fireEvent.change(longest, { target: { value: "9999" } });
    expect(screen.getByText(/up to 4,096/)).toBeInTheDocument();
    expect(chosenParameters()).toEqual({ temperature: 1.2, max_tokens: 300 });
    fireEvent.change(longest, { target: { value: "" } });
    fireEvent.click(screen.getByRole("button", { name: "As usual" }));
    expect(chosenParameters()).toEqual({});
  });
});

describe("look and language", () => {
  it("holds from this moment on, and for the next visit", () => {
    show(<Look />);
    fireEvent.click(screen.getByRole("radio", { name: "Dark" }));
    fireEvent.click(screen.getByRole("radio", { name: "Larger" }));
    expect(document.documentElement.dataset).toMatchObject({ theme: "dark", text: "larger" });
    expect([localStorage.getItem("memocha:theme"), localStorage.getItem("memocha:text")]).toEqual([
      "dark",
      "larger",
    ]);
    fireEvent.click(screen.getByRole("radio", { name: "Normal" }));
    expect(document.documentElement.dataset.text).toBeUndefined();
  });

  it("is the browser's until one is chosen, and again when that is taken back", async () => {
    service();
    show(<LanguageSettings />);
    expect(screen.getByRole("radio", { name: "As the browser" })).toBeChecked();
    fireEvent.click(screen.getByRole("radio", { name: "中文" }));
    expect(screen.getByRole("radio", { name: "中文" })).toBeChecked();
    expect(localStorage.getItem("memocha:language")).toBe("zh");
    fireEvent.click(screen.getByRole("radio", { name: "As the browser" }));
    expect(localStorage.getItem("memocha:language")).toBeNull();
  });

  it("asks the model for another language, and takes it back where that cannot be kept", async () => {
    service().on(
      "PATCH /api/me",
      async (request) => json({ ...ME, ...(await request.json()) }),
      () => problem(503, "database_unavailable"),
    );
    show(<LanguageSettings />);
    const choice = await screen.findByRole("combobox", { name: "Answers" });
    await waitFor(() => expect(choice).toBeEnabled());
    fireEvent.change(choice, { target: { value: "pt" } });
    await waitFor(() => expect(choice).toHaveValue("pt"));
    await act(async () => {});
    fireEvent.change(choice, { target: { value: "" } });
    expect(await screen.findByText(/could not be kept/)).toBeInTheDocument();
    expect(choice).toHaveValue("pt");
  });
});
