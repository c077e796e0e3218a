import type { Reporter, Suite, TestCase } from "@playwright/test/reporter";

/** Ends a run with one plain line that any reader of logs understands, after the names of what did not pass at once. */
export default class CountReporter implements Reporter {
  private tests: TestCase[] = [];
  /** What broke outside of any test: a setup, a file that cannot be loaded. */
  private broken = 0;

  onBegin(_: unknown, suite: Suite): void {
    this.tests = suite.allTests();
  }

  onError(): void {
    this.broken += 1;
  }

  onEnd(): void {
    const count = (outcome: ReturnType<TestCase["outcome"]>) =>
      this.tests.filter((test) => test.results.length > 0 && test.outcome() === outcome).length;
    for (const test of this.tests.filter((each) => each.outcome() === "flaky")) {
      process.stdout.write(`\nflaky, passed at another try: ${test.titlePath().filter(Boolean).join(" › ")}`);
    }
    const passed = count("expected") + count("flaky");
    const failed = count("unexpected") + this.broken;
    const skipped = count("skipped") + this.tests.filter((test) => test.results.length === 0).length;
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
