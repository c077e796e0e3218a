import { expect, test } from "./support/test";

test("away at once: what was not loaded yet says so in its place, and comes when the network is back", async ({
  context,
  page,
  chat,
  watch,
}) => {
  watch.expects(/ERR_INTERNET_DISCONNECTED/, /NotLoaded|could not be loaded/);
  await chat.open();
  await context.setOffline(true);
  await page.keyboard.press("Control+K");
  const said = page.getByText("This part could not be loaded. Nothing is lost.");
  await expect(said).toBeVisible();
  await expect(page.getByText("This page broke")).toHaveCount(0);
  await context.setOffline(false);
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeVisible();
  await expect(said).toHaveCount(0);
});

test("a message that was not sent: back in the field by a new chat, and by a reload", async ({
  context,
  page,
  chat,
  watch,
}) => {
  watch.expects(/ERR_INTERNET_DISCONNECTED/);
  await chat.open();
  await chat.talk("Before the tunnel");
  await page.getByRole("link", { name: "New chat" }).click();
  await context.setOffline(true);
  await chat.composer.fill("In the tunnel");
  await chat.composer.press("Enter");
  await expect(page.getByText("Your message was not sent.")).toBeVisible();
  await expect(chat.composer).toHaveValue("");
  await page.getByRole("link", { name: "New chat" }).click();
  await expect(page.getByText("Your message was not sent.")).toHaveCount(0);
  await expect(chat.composer).toHaveValue("In the tunnel");
  await chat.composer.press("Enter");
  await expect(page.getByText("Your message was not sent.")).toBeVisible();
  await context.setOffline(false);
  await page.reload();
  await expect(chat.composer).toHaveValue("In the tunnel");
});
