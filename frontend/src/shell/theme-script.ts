/** Where the chosen theme is kept: "light", "dark", or nothing for the system's. */
export const THEME_KEY = "memocha:theme";

/** Where the chosen size of text is kept; nothing for the usual one. */
export const TEXT_KEY = "memocha:text";

/** Runs in the head, before anything is painted. Its text must not depend on anything: the content policy names its hash. */
export const APPLY_THEME = `try{const t=localStorage.getItem("${THEME_KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t;const s=localStorage.getItem("${TEXT_KEY}");if(s)document.documentElement.dataset.text=s}catch{}`;
