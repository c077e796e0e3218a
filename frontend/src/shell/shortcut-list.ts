/**
 * Every shortcut of the client and where it works, as the sheet of `?` lists them. `mod` is ⌘ on a Mac, Ctrl elsewhere.
 * By itself: what listens for them is there from the start, and needs none of their names.
 */
export const SHORTCUTS = [
  { name: "palette", place: "everywhere", keys: ["mod", "K"] },
  { name: "new", place: "everywhere", keys: ["mod", "Shift", "O"] },
  { name: "memory", place: "everywhere", keys: ["mod", "Shift", "M"] },
  { name: "settings", place: "everywhere", keys: ["mod", ","] },
  { name: "sidebar", place: "everywhere", keys: ["mod", "B"] },
  { name: "focus", place: "writing", keys: ["/"] },
  { name: "stop", place: "writing", keys: ["Esc"] },
  { name: "send", place: "writing", keys: ["Enter"] },
  { name: "newline", place: "writing", keys: ["Shift", "Enter"] },
  { name: "edit", place: "writing", keys: ["↑"] },
  { name: "cards", place: "cards", keys: ["←", "↑", "↓", "→"] },
  { name: "cardOpen", place: "cards", keys: ["Enter"] },
  { name: "cardSelect", place: "cards", keys: ["x"] },
  { name: "cardRange", place: "cards", keys: ["Shift", "x"] },
  { name: "cardEdit", place: "cards", keys: ["e"] },
  { name: "cardPin", place: "cards", keys: ["p"] },
  { name: "cardForget", place: "cards", keys: ["Delete"] },
  { name: "move", place: "list", keys: ["↑", "↓"] },
  { name: "ends", place: "list", keys: ["Home", "End"] },
  { name: "rename", place: "list", keys: ["F2"] },
  { name: "remove", place: "list", keys: ["Delete"] },
  { name: "undo", place: "everywhere", keys: ["mod", "Z"] },
  { name: "shortcuts", place: "everywhere", keys: ["?"] },
] as const;
