/** How many messages a long chat has. */
export const MESSAGES = 1_000;
const TEXT =
  "A paragraph of some length, with **bold words**, `code` and a [link](https://example.org), as answers have them.";

/** What a long chat consists of: short questions, and answers with lists, tables and code among them. */
export function talk(): unknown[] {
  const start = Date.now() - MESSAGES * 60_000;
  return [
    {
      session: {
        id: "long",
        title: "A long talk",
        memory_enabled: false,
        created_at: new Date(start).toISOString(),
      },
    },
    ...Array.from({ length: MESSAGES }, (_, at) => {
      const role = at % 2 === 0 ? "user" : "assistant";
      const more =
        at % 10 === 5
          ? "\n\n```js\nconst a = 1;\nconst b = 2;\n```"
          : at % 10 === 9
            ? "\n\n- one\n- two\n- three"
            : "";
      const content = role === "user" ? `Question ${at}?` : `Answer ${at}. ${TEXT} ${TEXT}${more}`;
      return {
        message: { id: `m${at}`, role, content, created_at: new Date(start + at * 60_000).toISOString() },
      };
    }),
  ];
}
