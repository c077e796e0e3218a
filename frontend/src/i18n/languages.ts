/** The languages of the client, each called as its speakers call it. */
export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

/** Where the chosen language is kept; nothing for the browser's. */
export const LANGUAGE_KEY = "memocha:language";
