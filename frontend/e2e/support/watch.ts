import { type BrowserContext, expect, type Page } from "@playwright/test";

/** What went wrong in a browser's pages: anything on the console, uncaught errors, requests that failed. */
export class Watch {
  private readonly expected: RegExp[] = [];
  private readonly seen: string[] = [];

  constructor(context: BrowserContext) {
    for (const page of context.pages()) this.follow(page);
    context.on("page", (page) => this.follow(page));
  }

  /** This may happen from now on: the test makes it so. */
  expects(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  /** What went wrong so far and was not expected. */
  unexpected(): string[] {
    return this.seen.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }

  /** Nothing did. */
  check(): void {
    expect(this.unexpected()).toEqual([]);
  }

  private follow(page: Page): void {
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.seen.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.seen.push(`uncaught: ${error.stack ?? error.message}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // The page let go of it by itself: a stream that it reads no more, or what it left behind.
      if (why === "net::ERR_ABORTED") return;
      this.seen.push(`failed: ${request.method()} ${request.url()} ${why}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400)
        this.seen.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
  }
}
