import { create } from "zustand";

const useAnnouncement = create<{ text: string; count: number }>(() => ({ text: "", count: 0 }));

/** Have a screen reader say something when it has a moment. */
export function announce(text: string): void {
  useAnnouncement.setState((before) => ({ text, count: before.count + 1 }));
}

/** The place that screen readers watch. Stands once, in the frame. */
export function LiveRegion() {
  const { text, count } = useAnnouncement();
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {/* The same words twice are a change only when the node is another. */}
      <p key={count}>{text}</p>
    </div>
  );
}
