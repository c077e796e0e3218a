import type { Lines, Memocha, Session } from "./memocha";

const DAY = 86_400_000;

/** A moment so many days ago, at an hour of that day (UTC). */
function ago(days: number, hour = 10, minute = 0): string {
  const day = new Date(Date.now() - days * DAY);
  day.setUTCHours(hour, minute, 0, 0);
  return day.toISOString();
}

/** So many minutes ago. */
function lately(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

type Talk = { id: string; title: string; at: string; said: [user: string, memocha: string][] };

/** What somebody has talked about before the first picture is taken, oldest first. */
const PAST: Talk[] = [
  {
    id: "porto",
    title: "Leaving Porto",
    at: ago(232),
    said: [
      [
        "I live in Porto, but I am looking for a flat with a garden somewhere warmer.",
        "Then Lisbon or the Algarve come to mind. How large should the garden be?",
      ],
    ],
  },
  {
    id: "moving",
    title: "Moving checklist",
    at: ago(16, 9),
    said: [
      [
        "It is done: I live in Lisbon now, in Graça, with a view of the river.",
        "Congratulations! Shall we make a list of who needs your new address?",
      ],
      [
        "Yes please. The oven here is a dream, by the way, the crust finally sings.",
        "1. The bank\n2. Your employer\n3. Biscuit’s vet\n4. The electricity company",
      ],
    ],
  },
  {
    id: "thunder",
    title: "Thunder and dogs: what helps",
    at: ago(9, 20),
    said: [
      [
        "My dog Biscuit is afraid of thunder. Last August a closed room with the radio on helped.",
        "That is a good start: a small, dark room, and a sound that he knows.",
      ],
      ["Would a walk before the storm help as well?", "Yes. A tired dog is a calm dog, so walk him early."],
    ],
  },
  {
    id: "invoice",
    title: "Invoice template, Portuguese tax number included",
    at: ago(5, 14),
    said: [
      [
        "I work as a translator and need an invoice template for clients in Portugal.",
        "| Line | What |\n| --- | --- |\n| NIF | yours and the client’s |\n| IVA | 23 %, or the reason why not |",
      ],
    ],
  },
  {
    id: "graca",
    title: "Walks near Graça for Biscuit",
    at: ago(1, 17),
    said: [
      [
        "Where can Biscuit run without a lead near Graça?",
        "The upper part of the Parque da Bela Vista is fenced and quiet in the morning.",
      ],
    ],
  },
  {
    id: "bread",
    title: "Sourdough that won’t rise",
    at: lately(75),
    said: [
      [
        "My sourdough does not rise. I bake it every Sunday, and the kitchen is at 19 degrees.",
        "At 19 degrees give it twice the time: eight to ten hours, until it has grown by half.",
      ],
    ],
  },
  {
    id: "ada",
    title: "Ada and fish",
    at: lately(50),
    said: [
      ["My sister Ada turns 40 on 3 June.", "A round one! Will there be a party?"],
      ["A dinner at my place. Ada stopped eating meat last winter.", "So a dinner that needs none."],
    ],
  },
];

export const ASKED =
  "I want to cook for my sister’s birthday. Any idea that works with what you know about us?";
export const ANSWERED = `Ada turns 40 on 3 June{Ada turns 40}, so I’d plan something you can start the day before. She stopped eating meat last winter{stopped eating meat}, and the oven in the new flat is a dream{oven here}.

How about a **mushroom and chestnut pithivier**: the filling rests overnight, it bakes while you talk, and it looks like a celebration. With it, a fennel salad and your own sourdough.`;
export const ASKED_MORE = "Lovely. And Biscuit? There will be fireworks that week.";
export const ANSWERED_MORE =
  "He is afraid of thunder{afraid of thunder}, so fireworks will be hard on him too. Last August a closed room with the radio on helped{radio on}: make him one early in the evening, before the first bang, and walk him while it is still light.";

/** The model's part in it. `{words}`: the number of the memory with these words goes there. */
export const LINES: Lines = {
  answers: [
    {
      when: ASKED,
      say: [
        { text: ANSWERED },
        {
          text: "For Ada on 3 June{Ada turns 40}, without meat{stopped eating meat}: a **leek and Serra cheese tart**, which keeps well, and a salad of oranges and fennel.",
        },
      ],
    },
    { when: ASKED_MORE, say: [{ text: ANSWERED_MORE }] },
  ],
  titles: { [ASKED]: "Dinner for Ada’s birthday" },
  facts: {
    "I live in Porto": [{ fact: "I live in Porto" }],
    "looking for a flat with a garden": [{ fact: "I am looking for a flat with a garden" }],
    "I live in Lisbon now, in Graça": [{ fact: "I live in Lisbon, in Graça" }],
    "My dog Biscuit is afraid of thunder": [{ fact: "My dog Biscuit is afraid of thunder" }],
    "a closed room with the radio on helped": [
      { fact: "Biscuit calms down in a closed room with the radio on" },
    ],
    "I work as a translator": [{ fact: "I work as a translator" }],
    "I bake it every Sunday": [
      { fact: "I bake sourdough every Sunday", quote: "My sourdough does not rise. I bake it every Sunday" },
    ],
    "Ada turns 40 on 3 June": [{ fact: "My sister Ada turns 40 on 3 June" }],
    "Ada stopped eating meat": [{ fact: "My sister Ada stopped eating meat" }],
    "I want to cook for my sister": [{ fact: "I want to cook for my sister’s birthday" }],
  },
  compares: { "I live in Lisbon, in Graça": ["contradicts", "I live in Porto"] },
  days: {
    "It is done: I live in Lisbon now": [
      "I told you that I live in Lisbon now, in Graça, and that the oven is a dream.",
    ],
    "afraid of thunder": ["I told you that Biscuit is afraid of thunder and what helped last August."],
    "My sourdough does not rise": [
      "We talked about sourdough that does not rise, and Ada’s birthday dinner.",
    ],
  },
};

/** Have it all happened. Waits until facts are taken, where `facts` are wanted (up to a minute or two). */
export async function tellStory(memocha: Memocha, { facts = true } = {}): Promise<Record<string, string>> {
  await memocha.tell(facts ? LINES : { ...LINES, facts: {}, compares: {} });
  const [first, ...rest] = PAST;
  // What changed later has to be known before.
  if (first) await memocha.take(linesOf([first]));
  if (facts) await memocha.facts(2);
  await memocha.take(linesOf(rest));
  if (facts) await memocha.facts(8);
  const sessions: Session[] = await memocha.sessions();
  return Object.fromEntries(
    PAST.map(({ id, title }) => [id, sessions.find((session) => session.title === title)?.id ?? ""]),
  );
}

function linesOf(talks: Talk[]): unknown[] {
  return talks.flatMap(({ id, title, at, said }) => [
    { session: { id, title, created_at: at } },
    ...said.flatMap(([user, answer], turn) => [
      { message: { id: `${id}-${turn}-u`, role: "user", content: user, created_at: after(at, turn * 4) } },
      {
        message: {
          id: `${id}-${turn}-a`,
          role: "assistant",
          content: answer,
          created_at: after(at, turn * 4 + 1),
        },
      },
    ]),
  ]);
}

function after(at: string, minutes: number): string {
  return new Date(new Date(at).getTime() + minutes * 60_000).toISOString();
}
