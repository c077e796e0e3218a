import { type ComponentType, lazy } from "react";
import { loadRoomTexts } from "@/i18n";

/** A component that is loaded, with the texts of its room, when it is drawn for the first time. */
export function lazyRoom<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => {
    const [component] = await Promise.all([load(), loadRoomTexts()]);
    return { default: component };
  });
}
