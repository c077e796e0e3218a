import { afterEach, describe, expect, it } from "vitest";
import {
  addressOf,
  boundsOf,
  EVERYTHING,
  type Filters,
  listQuery,
  narrowed,
  parseFilters,
  searchQuery,
} from "./filters";

const SESSION = "0190a000-0000-7000-8000-000000000001";
const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

function parsed(search: string): Filters {
  return parseFilters(new URLSearchParams(search));
}

describe("the address", () => {
  it.each([
    "/memory",
    "/memory?q=What+of+Ada%3F&kind=fact",
    "/memory?pinned=1&changed=1",
    `/memory?kind=episode&state=paused&session=${SESSION}&time=week`,
    "/memory?time=custom&from=2026-11-01&to=2026-11-22",
    "/memory?time=custom",
  ])("comes back as it was: %s", (address) => {
    expect(addressOf(parsed(address.split("?")[1] ?? ""))).toBe(address);
  });

  it("passes over what makes no sense", () => {
    expect(parsed("kind=dream&session=x&time=never&from=yesterday&state=gone&pinned=maybe")).toEqual(
      EVERYTHING,
    );
  });

  it("takes a day for a span of its own", () => {
    expect(parsed("from=2026-11-01").span).toBe("custom");
  });

  it("knows whether something is left out", () => {
    expect(narrowed({ ...EVERYTHING, q: "Ada" })).toBe(false);
    expect(narrowed({ ...EVERYTHING, kind: "fact" })).toBe(true);
    expect(narrowed(parsed("time=custom"))).toBe(false);
    expect(narrowed(parsed("time=custom&to=2026-11-22"))).toBe(true);
  });
});

describe("what is asked for", () => {
  it("begins and ends at midnight where one is, the last day included", () => {
    process.env.TZ = "Asia/Tokyo";
    expect(boundsOf(parsed("from=2026-11-01&to=2026-11-22"))).toEqual({
      since: "2026-10-31T15:00:00.000Z",
      until: "2026-11-22T15:00:00.000Z",
    });
  });

  it("counts today as one of seven days", () => {
    process.env.TZ = "Europe/Lisbon";
    const now = new Date("2026-11-22T00:10:00Z");
    expect(boundsOf(parsed("time=today"), now)).toEqual({ since: "2026-11-22T00:00:00.000Z" });
    expect(boundsOf(parsed("time=week"), now)).toEqual({ since: "2026-11-16T00:00:00.000Z" });
    expect(boundsOf(parsed("time=year"), now)).toEqual({ since: "2026-01-01T00:00:00.000Z" });
  });

  it("leaves out what others have taken the place of, and is the same for a search", () => {
    const filters = parsed(`kind=fact&pinned=1&state=paused&changed=1&session=${SESSION}`);
    expect(listQuery(filters)).toEqual({
      kind: "fact",
      session_id: SESSION,
      pinned: true,
      state: "paused",
      changed: true,
      superseded: false,
    });
    expect(searchQuery(filters)).toEqual({
      kind: "fact",
      session_id: SESSION,
      pinned: true,
      state: "paused",
      changed: true,
    });
  });
});
