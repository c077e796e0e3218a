import { LANGUAGE_KEY, LANGUAGES } from "@/i18n/languages";

/** Where the chosen theme is kept: "light", "dark", or nothing for the system's. */
export const THEME_KEY = "memocha:theme";

/** Where the chosen size of text is kept; nothing for the usual one. */
export const TEXT_KEY = "memocha:text";

/** Where it is kept that the sidebar is closed: "closed", or nothing. */
export const SIDEBAR_KEY = "memocha:sidebar";

/**
 * Runs in the head, before anything is painted. It notes on <html> what the static page has to look like: the theme, the
 * size of text, that the sidebar is closed, and by `data-greeting` that a new chat is what the address leads to and its
 * words are wanted in English, the language of the static page.
 * Its text must not depend on anything: the content policy names its hash.
 */
export const HEAD_SCRIPT = `try{
const d=document.documentElement.dataset,k=n=>localStorage.getItem(n);
const t=k("${THEME_KEY}");if(t==="light"||t==="dark")d.theme=t;
const s=k("${TEXT_KEY}");if(s)d.text=s;
if(k("${SIDEBAR_KEY}")==="closed")d.sidebar="closed";
const l=[k("${LANGUAGE_KEY}"),...navigator.languages].map(l=>l?.split("-")[0].toLowerCase());
if((l.find(l=>${JSON.stringify(Object.keys(LANGUAGES))}.includes(l))??"en")==="en"&&/^\\/+(index\\.html\\/*)?$/.test(location.pathname))d.greeting="";
}catch{}`;
