/** The cup, seen from the front. The shapes are those of app/icon.svg. */
export function Mark({ size = 24, className }: { size?: number; className?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <path
        className="fill-mocha"
        d="M3 9c0-3.3 2.7-6 6-6h14c3.3 0 6 2.7 6 6v8c0 6.6-5.4 12-12 12h-2C8.4 29 3 23.6 3 17z"
      />
      <ellipse className="fill-crema" cx="16" cy="10.5" rx="9.5" ry="4" />
    </svg>
  );
}
