import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { MAIN } from "@/shell/shortcuts";
import { show } from "@/testing/show";
import { Dialog } from "./Dialog";
import { Menu, MenuItem } from "./Menu";

function menu(onSelect = () => {}) {
  return (
    <Menu trigger={<button type="button">Open</button>}>
      <MenuItem onSelect={onSelect}>Do it</MenuItem>
    </Menu>
  );
}

it("opens within the page's main part, wherever its button stands", async () => {
  const chosen = vi.fn();
  show(
    <>
      <nav>{menu(chosen)}</nav>
      <main id={MAIN} />
    </>,
  );
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Open" }));
  await user.click(within(screen.getByRole("main")).getByRole("menuitem", { name: "Do it" }));
  expect(chosen).toHaveBeenCalledOnce();
});

it("opens within the dialog that it belongs to", async () => {
  show(
    <>
      <main id={MAIN} />
      <Dialog open onOpenChange={() => {}} title="A dialog">
        {menu()}
      </Dialog>
    </>,
  );
  await userEvent.setup().click(screen.getByRole("button", { name: "Open", hidden: true }));
  const dialog = screen.getByRole("dialog", { hidden: true });
  expect(within(dialog).getByRole("menuitem", { hidden: true })).toBeInTheDocument();
});
