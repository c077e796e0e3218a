import {
  Brain,
  Info,
  KeyRound,
  Languages,
  type LucideIcon,
  MessageSquareText,
  Sun,
  User,
} from "lucide-react";
import { useRoute } from "@/shell/router";

export const SECTIONS = ["you", "answers", "memory", "language", "look", "keys", "about"] as const;
export type SectionName = (typeof SECTIONS)[number];

export const ICONS: Record<SectionName, LucideIcon> = {
  you: User,
  answers: MessageSquareText,
  memory: Brain,
  language: Languages,
  look: Sun,
  keys: KeyRound,
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
