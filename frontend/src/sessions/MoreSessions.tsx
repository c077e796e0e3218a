import { type ButtonHTMLAttributes, useEffect, useRef } from "react";

/** Tells when the end of what is loaded comes near the window. */
export function Reached({ active, onReached }: { active: boolean; onReached(): void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const end = ref.current;
    if (end === null || !active) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onReached(), {
      rootMargin: "600px",
    });
    watch.observe(end);
    return () => watch.disconnect();
  }, [active, onReached]);
  return <div ref={ref} className="h-px" />;
}

/** Reads more when it is asked to. */
export function MoreButton(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      className="min-h-8 w-full rounded-row px-2.5 text-start text-mocha text-small hover:bg-hover disabled:opacity-45 pointer-coarse:min-h-11"
      {...props}
    />
  );
}
