import { screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { setKey } from "@/api/credential";
import { show } from "@/testing/show";
import { Keys } from "./Keys";

afterEach(() => setKey(null));

it("has examples that do something as they stand", () => {
  show(<Keys />);
  const { origin } = window.location;
  expect(screen.getByText(`${origin}/v1`)).toBeInTheDocument();
  expect(screen.getByText(`claude mcp add --transport http memocha ${origin}/mcp`)).toBeInTheDocument();
  expect(screen.getByText(`RemoteRunnable("${origin}/chat")`)).toBeInTheDocument();
  const asked = `curl --json '{"message": "What do you know about me?"}' ${origin}/api/chat`;
  expect(screen.getByText(asked)).toBeInTheDocument();
});

it("has them send a key where there is one, without telling it", () => {
  setKey("a key that nobody is to see");
  show(<Keys />);
  expect(screen.getByText(/^curl -H "Authorization: Bearer \$MEMOCHA_API_KEY" --json/)).toBeInTheDocument();
  expect(
    screen.getByText(/^claude mcp add .* --header "Authorization: Bearer \$MEMOCHA_API_KEY"$/),
  ).toBeVisible();
  expect(screen.getByText(/^RemoteRunnable\(.*headers=.*\$MEMOCHA_API_KEY/)).toBeInTheDocument();
  expect(screen.queryByText(/nobody is to see/)).toBeNull();
});
