import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ComponentType, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { AccountSettings } from "@/account/AccountSettings";
import { Users } from "@/account/Users";
import { Header } from "@/shell/Header";
import { useMedia, WIDE } from "@/shell/media";
import { Link } from "@/shell/router";
import { useTitle } from "@/shell/title";
import { cx } from "@/ui/cx";
import { About } from "./About";
import { Answers } from "./Answers";
import { Keys } from "./Keys";
import { LanguageSettings } from "./Language";
import { Look } from "./Look";
import { MemorySettings } from "./MemorySettings";
import { ICONS, type SectionName, sectionPath, useSection, useSections } from "./sections";
import { Usage } from "./usage/Usage";
import { You } from "./You";

const CONTENTS: Record<SectionName, ComponentType> = {
  you: You,
  answers: Answers,
  memory: MemorySettings,
  language: LanguageSettings,
  look: Look,
  account: AccountSettings,
  keys: Keys,
  users: Users,
  usage: Usage,
  about: About,
};

/** What can be set: sections beside their list, on phones behind it. */
export function SettingsPage() {
  const t = useTranslations("settings");
  const wide = useMedia(WIDE);
  const named = useSection();
  const sections = useSections();
  const section = named ?? (wide ? "you" : null);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each section begins at its top
  useEffect(() => {
    scroller.current?.scrollTo(0, 0);
  }, [section]);
  useTitle(section ? `${t(`sections.${section}`)} · ${t("title")}` : t("title"));
  return (
    <>
      <Header title={t("title")} />
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid w-full max-w-[920px] gap-x-10 px-4 pt-3 pb-12 md:grid-cols-[184px_minmax(0,1fr)] md:px-6 md:pt-8">
          {wide && (
            <nav aria-label={t("title")} className="sticky top-8 flex flex-col gap-0.5 self-start">
              {sections.map((name) => (
                <SectionLink key={name} name={name} current={name === section} />
              ))}
            </nav>
          )}
          {section ? <Section key={section} name={section} back={!wide} /> : <SectionList />}
        </div>
      </div>
    </>
  );
}

function SectionLink({ name, current }: { name: SectionName; current: boolean }) {
  const t = useTranslations("settings");
  const Icon = ICONS[name];
  return (
    <Link
      to={sectionPath(name)}
      replace
      aria-current={current ? "page" : undefined}
      className={cx(
        "flex min-h-9 items-center gap-2.5 rounded-row px-2.5 transition-colors duration-150",
        current ? "bg-hover font-semibold text-ink" : "text-soft hover:bg-hover hover:text-ink",
      )}
    >
      <Icon size={16} aria-hidden="true" className={current ? "text-mocha" : undefined} />
      {t(`sections.${name}`)}
    </Link>
  );
}

function Section({ name, back }: { name: SectionName; back: boolean }) {
  const t = useTranslations("settings");
  const Content = CONTENTS[name];
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // On a phone the list that one came from is gone.
    if (back) heading.current?.focus({ preventScroll: true });
  }, [back]);
  return (
    <div className="flex min-w-0 animate-fade-in flex-col gap-4">
      {back && (
        <Link
          to="/settings"
          className="-ms-1 flex min-h-9 items-center gap-1 self-start rounded-row pe-2 text-mocha pointer-coarse:min-h-11"
        >
          <ChevronLeft size={18} aria-hidden="true" className="rtl:-scale-x-100" />
          {t("title")}
        </Link>
      )}
      <div className="mb-1">
        <h2 ref={heading} tabIndex={-1} className="text-title">
          {t(`sections.${name}`)}
        </h2>
        <p className="mt-0.5 text-soft">{t(`hints.${name}`)}</p>
      </div>
      <Content />
    </div>
  );
}

function SectionList() {
  const t = useTranslations("settings");
  const sections = useSections();
  return (
    <ul className="flex flex-col overflow-hidden rounded-card border border-line bg-card">
      {sections.map((name) => {
        const Icon = ICONS[name];
        return (
          <li key={name} className="border-line border-b last:border-b-0">
            <Link
              to={sectionPath(name)}
              className="flex min-h-15 items-center gap-3.5 px-4 py-2.5 hover:bg-hover"
            >
              <Icon size={18} aria-hidden="true" className="shrink-0 text-mocha" />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(`sections.${name}`)}</span>
                <span className="block text-small text-soft">{t(`hints.${name}`)}</span>
              </span>
              <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-faint rtl:-scale-x-100" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
