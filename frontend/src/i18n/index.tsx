import { type ReactNode, useEffect, useState } from "react";
import { type AbstractIntlMessages, IntlProvider } from "use-intl";
import { create } from "zustand";
import { read, write } from "@/shell/storage";
import en from "./en";

/** The languages of the client, each called as its speakers call it. */
export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;
export type Messages = typeof en;

declare module "use-intl" {
  interface AppConfig {
    Locale: Language;
    Messages: Messages;
  }
}

const KEY = "memocha:language";
/** Languages beside English are loaded when they are used. */
const LOADERS: Record<Exclude<Language, "en">, () => Promise<{ default: AbstractIntlMessages }>> = {
  zh: () => import("./zh"),
};

const useChosen = create<{ language: Language | null }>(() => ({ language: null }));

/** The language that is shown: the chosen one, else the browser's where there are texts in it. */
export function useLanguage(): Language {
  return useChosen((state) => state.language) ?? preferred();
}

/** Choose a language, from this moment on; null: the browser's. */
export function setLanguage(language: Language | null): void {
  write(KEY, language);
  useChosen.setState({ language });
}

function preferred(): Language {
  const wanted = [read(KEY), ...navigator.languages];
  for (const tag of wanted) {
    const language = tag?.split("-")[0]?.toLowerCase();
    if (language !== undefined && language in LANGUAGES) return language as Language;
  }
  return "en";
}

interface Loaded {
  language: Language;
  messages: AbstractIntlMessages;
}

const ENGLISH: Loaded = { language: "en", messages: en };

/** Gives all inside it words, and forms for dates and numbers. `waiting` stands while the words are loaded. */
export function I18nProvider({ waiting, children }: { waiting: ReactNode; children: ReactNode }) {
  const language = useLanguage();
  const [loaded, setLoaded] = useState<Loaded | null>(language === "en" ? ENGLISH : null);

  useEffect(() => {
    let current = true;
    if (language === "en") setLoaded(ENGLISH);
    else {
      LOADERS[language]().then(
        ({ default: messages }) => current && setLoaded({ language, messages }),
        // Without the texts the page is better in English than not at all.
        () => current && setLoaded(ENGLISH),
      );
    }
    return () => {
      current = false;
    };
  }, [language]);

  useEffect(() => {
    if (loaded !== null) document.documentElement.lang = loaded.language;
  }, [loaded]);

  // While another language is loaded, the page stays as it is.
  if (loaded === null) return waiting;
  return (
    <IntlProvider locale={loaded.language} messages={loaded.messages as Messages} timeZone={TIME_ZONE}>
      {children}
    </IntlProvider>
  );
}

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
