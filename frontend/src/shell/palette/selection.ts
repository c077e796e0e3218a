import { type RefObject, useEffect, useRef, useState } from "react";

/**
 * What is chosen in the list: the first of what is found, as long as nobody has gone on from there. `told`: what changes
 * when other things are found.
 */
export function useFirst(list: RefObject<HTMLElement | null>, told: string) {
  const [value, setValue] = useState("");
  const moved = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever other things are found
  useEffect(() => {
    if (moved.current) return;
    setValue(list.current?.querySelector("[cmdk-item]")?.getAttribute("data-value") ?? "");
  }, [list, told]);
  return {
    value,
    setValue,
    /** Somebody has gone on by an arrow; false: they type anew. */
    setMoved: (is: boolean) => {
      moved.current = is;
    },
  };
}
