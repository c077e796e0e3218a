import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { FakeService, json } from "@/testing/service";
import { show } from "@/testing/show";
import { About } from "./About";

const OK = { state: "ok", detail: null, code: null, progress: null, breaker: null };

it("tells of what every deployment has, and of what this one has beside", async () => {
  const left = { ...OK, state: "degraded", detail: "The reranker failed.", breaker: "open" };
  new FakeService()
    .on("GET /health", () => json({ status: "ok", version: "1.0", commit: "unknown" }))
    .on("GET /ready", () =>
      json({ status: "degraded", dependencies: { postgres: OK, memory: OK, model: OK, reranker: left } }),
    )
    .install();
  show(<About />);
  await screen.findByText("The reranker failed.");
  expect(screen.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Database · well",
    "Memory index · well",
    "Model · well",
    expect.stringMatching(/^Reranker · .*The reranker failed\.$/),
  ]);
});
