import {
  Brain,
  ChartColumn,
  Info,
  KeyRound,
  Languages,
  type LucideIcon,
  MessageSquareText,
  Sun,
  User,
  UserRound,
  Users,
} from "lucide-react";
import { useAuth } from "@/account/data";
import { useRoute } from "@/shell/router";

export const SECTIONS = [
  "you",
  "answers",
  "memory",
  "language",
  "look",
  "account",
  "keys",
  "users",
  "usage",
  "about",
] as const;
export type SectionName = (typeof SECTIONS)[number];

export const ICONS: Record<SectionName, LucideIcon> = {
  you: User,
  answers: MessageSquareText,
  memory: Brain,
  language: Languages,
  look: Sun,
  account: UserRound,
  keys: KeyRound,
  users: Users,
  usage: ChartColumn,
  about: Info,
};

/** The address of a section. */
export function sectionPath(name: SectionName): string {
  return `/settings#${name}`;
}

/** The section that the address names, followed; null where it names none. */
export function useSection(): SectionName | null {
  // The route is another whenever the address is, its fragment included.
  useRoute();
  const name = window.location.hash.slice(1);
  return SECTIONS.find((section) => section === name) ?? null;
}

/** The sections that there are for whoever is here: accounts where there are some, and everyone's for admins. */
export function useSections(): readonly SectionName[] {
  const { data: auth } = useAuth();
  return SECTIONS.filter((name) => {
    if (name === "account") return auth?.mode === "accounts";
    return name !== "users" || (auth?.mode === "accounts" && auth.role === "admin");
  });
}
