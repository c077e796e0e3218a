import type { Page } from "@playwright/test";
import { sound } from "./support/sound";
import { expect, test } from "./support/test";

const PASSWORD = "a horse that counts to ten";

// What takes a service of its own: one where everybody has an account.
test.use({ settings: { MEMOCHA_AUTH: "accounts" }, contextOptions: { reducedMotion: "reduce" } });

const heading = (page: Page) => page.getByRole("heading", { name: "Sign in", level: 1 });

async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await expect(heading(page)).toBeVisible();
  await page.getByLabel("Login").fill(login);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

test("signing in: wrong, right, a chat, out again, and nobody else finds any of it", async ({
  page,
  chat,
  memocha,
  watch,
}) => {
  watch.expects(/401/);
  await memocha.account("ada", PASSWORD);
  await memocha.account("bob", PASSWORD);
  await page.goto("/");
  await expect(heading(page)).toBeVisible();
  await expect(page.getByLabel("Login")).toBeFocused();
  await sound(page, "signing in");

  await signIn(page, "ada", "not the password at all");
  await expect(page.getByRole("main").getByRole("alert")).toHaveText("The login or the password is wrong.");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await sound(page, "signing in, refused");
  await page.getByRole("button", { name: "Show password" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("type", "text");

  await signIn(page, "Ada");
  await expect(chat.composer).toBeVisible();
  const sidebar = page.getByRole("navigation", { name: "Navigation" });
  await expect(sidebar.getByRole("link", { name: "ada" })).toBeVisible({ timeout: 5_000 });
  await chat.talk("My dog is called Biscuit.");
  await sound(page, "a conversation of somebody who is signed in");
  const address = page.url();
  await page.reload();
  await expect(chat.question("Biscuit")).toBeVisible();
  await chat.composer.fill("Half a question about Biscuit");
  await sidebar.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page)).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("Biscuit");

  watch.expects(/404/);
  await page.goto(address);
  await signIn(page, "bob");
  await expect(sidebar.getByRole("link", { name: "bob" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "This chat is gone" })).toBeVisible();
  await expect(page.getByText("Biscuit")).toHaveCount(0);
  await page.goto("/memory");
  await expect(page.getByRole("heading", { name: "Nothing is remembered yet" })).toBeVisible();
});

test("signed out from elsewhere: the page is gone, and what was being written is there for them alone", async ({
  page,
  chat,
  memocha,
  watch,
  browser,
}) => {
  watch.expects(/401/);
  await memocha.account("carol", PASSWORD);
  await memocha.account("dave", PASSWORD);
  await page.goto("/");
  await signIn(page, "carol");
  await chat.talk("The attic is full of maps.");
  await page.getByRole("link", { name: "New chat" }).click();
  await chat.composer.fill("Half a thought about the attic");
  await page.goBack();
  await expect(chat.question("full of maps")).toBeVisible();

  const elsewhere = await browser.newPage({ baseURL: memocha.url });
  await elsewhere.goto("/settings#account");
  await signIn(elsewhere, "carol");
  const signIns = elsewhere.getByRole("button", { name: /^End the sign-in: Chrome on / });
  await expect(signIns).toHaveCount(1);
  await sound(elsewhere, "the account's settings");
  await signIns.click();
  await expect(signIns).toHaveCount(0);

  // Nobody touches it: it is told.
  await expect(heading(page)).toBeVisible();
  await expect(page.getByText("attic")).toHaveCount(0);
  await signIn(page, "carol");
  await expect(chat.question("full of maps")).toBeVisible();

  // Written before: whatever the page asks for next tells it that it is signed out, and the message has to be first.
  await chat.composer.fill("Where in the attic is the one of Lisbon?");
  await page.context().clearCookies();
  await chat.composer.press("Enter");
  await expect(heading(page)).toBeVisible();
  await signIn(page, "carol");
  await expect(page.getByRole("main")).toContainText("You were signed out.");
  await page.getByRole("button", { name: "Edit", exact: true }).last().click();
  await expect(chat.composer).toHaveValue("Where in the attic is the one of Lisbon?");
  await chat.send.click();
  await expect(chat.answers).toHaveCount(2);
  await page.getByRole("link", { name: "New chat" }).click();
  await expect(chat.composer).toHaveValue("Half a thought about the attic");

  const tab = await page.context().newPage();
  await tab.goto("/settings#account");
  await tab.getByRole("button", { name: "Sign out" }).first().click();
  await expect(heading(tab)).toBeVisible();
  // Both tabs are out, and whoever signs in in one of them finds nothing in the other.
  await expect(heading(page)).toBeVisible();
  await signIn(tab, "dave");
  await expect(tab.getByRole("link", { name: "dave" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("link", { name: "dave" })).toBeVisible();
  await expect(page.getByText("attic")).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("attic");
  await elsewhere.close();
});

test("a key: made, shown once, used by a program within its scopes, revoked", async ({
  page,
  memocha,
  watch,
}) => {
  watch.expects(/401/);
  await memocha.account("erin", PASSWORD);
  await page.goto("/settings#keys");
  await signIn(page, "erin");
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("checkbox")).toHaveCount(4);
  await sound(page, "a new key");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(dialog).toContainText("Give it a name");
  await dialog.getByLabel("Name").fill("Terminal");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("dialog", { name: "Your new key" })).toBeVisible();
  await sound(page, "a key that was made");
  const key = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(key)).toHaveCount(0);
  await sound(page, "keys");

  const ask = async (path: string) =>
    (await fetch(`${memocha.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect([await ask("/api/sessions"), await ask("/api/memories"), await ask("/api/keys")]).toEqual([
    200, 200, 403,
  ]);
  await page.getByRole("button", { name: "Revoke Terminal" }).click();
  await expect(page.getByRole("dialog", { name: "Revoke this key?" })).toBeVisible();
  await sound(page, "a key to be revoked");
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByText("You have none.")).toBeVisible();
  expect(await ask("/api/sessions")).toBe(401);
});

test("an admin makes an account, whose owner chooses a password; it is locked, let in and deleted", async ({
  page,
  chat,
  memocha,
  watch,
  browser,
}) => {
  watch.expects(/401|403/);
  await memocha.account("root", PASSWORD, "admin");
  await page.goto("/settings#users");
  await signIn(page, "root");
  await page.getByRole("button", { name: "New account" }).click();
  const dialog = page.getByRole("dialog");
  await sound(page, "a new account");
  await dialog.getByLabel("Login").fill("frank");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await expect(page.getByRole("dialog", { name: "frank can sign in with this password" })).toBeVisible();
  const once = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("You see who there is, and never a word")).toBeVisible();
  await sound(page, "people");

  const franks = await browser.newPage({ baseURL: memocha.url });
  await franks.goto("/");
  await signIn(franks, "frank", once);
  await expect(franks.getByRole("heading", { name: "Choose a password of your own" })).toBeVisible();
  await sound(franks, "choosing a password");
  await franks.reload();
  await franks.getByLabel("The password you signed in with").fill(once);
  await franks.getByLabel("New password").fill("short");
  await franks.keyboard.press("Enter");
  await expect(franks.getByText("Too short")).toBeVisible();
  await franks.getByLabel("New password").fill(PASSWORD);
  await franks.keyboard.press("Enter");
  await expect(franks.getByRole("textbox", { name: "Your message" })).toBeVisible();

  await page.getByRole("button", { name: "Actions for frank" }).click();
  await sound(page, "what can be done with an account");
  await page.getByRole("menuitem", { name: "Lock out" }).click();
  await dialog.getByRole("button", { name: "Lock out" }).click();
  await expect(page.getByText("locked", { exact: true })).toBeVisible();
  await franks.reload();
  await signIn(franks, "frank");
  await expect(franks.getByRole("main").getByRole("alert")).toHaveText("The login or the password is wrong.");

  await page.getByRole("button", { name: "Actions for frank" }).click();
  await page.getByRole("menuitem", { name: "Let in again" }).click();
  await expect(page.getByText("locked", { exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Actions for frank" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(dialog.getByRole("button", { name: "Delete" })).toBeDisabled();
  await dialog.getByLabel("Type frank to go on").fill("frank");
  await sound(page, "an account to be deleted");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("frank is deleted, with all that was kept of them.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Actions for frank" })).toHaveCount(0);
  await franks.close();
  await page.goto("/");
  await expect(chat.composer).toBeVisible();
});
