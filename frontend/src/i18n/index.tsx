import { type ReactNode, useEffect } from "react";
import { type AbstractIntlMessages, type IntlError, IntlErrorCode, IntlProvider } from "use-intl";
import { create } from "zustand";
import { read, write } from "@/shell/storage";
import en from "./en";
import type enRooms from "./en-rooms";
import { LANGUAGE_KEY, LANGUAGES, type Language } from "./languages";

export { LANGUAGES, type Language } from "./languages";
export type Messages = typeof en & typeof enRooms;

declare module "use-intl" {
  interface AppConfig {
    Locale: Language;
    Messages: Messages;
  }
}

type Loader = () => Promise<{ default: AbstractIntlMessages }>;
/** Languages beside English are loaded when they are used. */
const LOADERS: Record<Language, Loader> = {
  en: async () => ({ default: en }),
  zh: () => import("./zh"),
};
const ROOMS: Record<Language, Loader> = {
  en: () => import("./en-rooms"),
  zh: () => import("./zh-rooms"),
};

const useChosen = create<{ language: Language | null }>(() => ({ language: null }));

/** The language that is shown: the chosen one, else the browser's where there are texts in it. */
export function useLanguage(): Language {
  return useChosen((state) => state.language) ?? preferred();
}

/** The language that was chosen, followed; null: the browser's. */
export function useChosenLanguage(): Language | null {
  const kept = read(LANGUAGE_KEY);
  return (
    useChosen((state) => state.language) ?? (kept !== null && kept in LANGUAGES ? (kept as Language) : null)
  );
}

/** Choose a language, from this moment on; null: the browser's. */
export function setLanguage(language: Language | null): void {
  write(LANGUAGE_KEY, language);
  useChosen.setState({ language });
}

function preferred(): Language {
  const wanted = [read(LANGUAGE_KEY), ...navigator.languages];
  for (const tag of wanted) {
    const language = tag?.split("-")[0]?.toLowerCase();
    if (language !== undefined && language in LANGUAGES) return language as Language;
  }
  return "en";
}

interface Loaded {
  language: Language;
  messages: AbstractIntlMessages;
  /** With the texts of the rooms that are loaded when one goes there. */
  whole: boolean;
}

const useLoaded = create<{ loaded: Loaded | null }>(() => ({ loaded: null }));

/** Have the texts of all rooms, in the language that is shown. Await it before a room is drawn that needs them. */
export async function loadRoomTexts(): Promise<void> {
  const { loaded } = useLoaded.getState();
  await load(loaded?.language ?? useChosen.getState().language ?? preferred(), true);
}

/** Fetch them, and leave what is shown as it is: with other words all of it is drawn again. */
export async function fetchRoomTexts(): Promise<void> {
  await ROOMS[useLoaded.getState().loaded?.language ?? useChosen.getState().language ?? preferred()]();
}

async function load(language: Language, whole: boolean): Promise<void> {
  const { loaded } = useLoaded.getState();
  if (loaded?.language === language && (loaded.whole || !whole)) return;
  const [core, rooms] = await Promise.all([LOADERS[language](), whole ? ROOMS[language]() : null]);
  // The same words have to stay the same object: with another one all that has words is drawn again.
  const messages = rooms === null ? core.default : { ...core.default, ...rooms.default };
  useLoaded.setState({ loaded: { language, messages, whole } });
}

/** Gives all inside it words, and forms for dates and numbers. `waiting` stands while the words are loaded. */
export function I18nProvider({ waiting, children }: { waiting: ReactNode; children: ReactNode }) {
  const language = useLanguage();
  const loaded = useLoaded((state) => state.loaded) ?? (language === "en" ? ENGLISH : null);

  useEffect(() => {
    const whole = useLoaded.getState().loaded?.whole ?? false;
    // Without its texts the page is better in English than not at all.
    load(language, whole).catch(() => useLoaded.setState((before) => ({ loaded: before.loaded ?? ENGLISH })));
  }, [language]);
  useEffect(() => {
    if (loaded !== null) document.documentElement.lang = loaded.language;
  }, [loaded]);

  // While another language is loaded, the page stays as it is.
  if (loaded === null) return waiting;
  return (
    <IntlProvider locale={regional(loaded.language)} messages={loaded.messages as Messages} onError={report}>
      {children}
    </IntlProvider>
  );
}

/** Gives the words of the static page, which are English, and shown where the head's script says so. */
export function English({ children }: { children: ReactNode }) {
  return (
    <IntlProvider locale="en" messages={en as Messages} onError={report}>
      {children}
    </IntlProvider>
  );
}

/** The language as it is written where the person lives, for dates and numbers: by `en-GB` days come before months. */
function regional(language: Language): Language {
  const here = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`));
  try {
    // Whether it is supported is not asked, which takes long the first time: forms of the language itself stand in then.
    return here !== undefined && Intl.getCanonicalLocales(here)[0] ? (here as Language) : language;
  } catch {
    // Some browsers name a region that is none (`en-US@posix`).
    return language;
  }
}

const ENGLISH: Loaded = { language: "en", messages: en, whole: false };

/** Dates are the browser's time without a zone being named: to ask for its name took a fifth of the start. */
function report(error: IntlError): void {
  if (error.code !== IntlErrorCode.ENVIRONMENT_FALLBACK) reportError(error);
}
