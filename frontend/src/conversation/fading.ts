/** What can be done with a message is seen when one is at it: under the pointer, with the keyboard, always by touch. */
export const FADING =
  "flex items-center gap-0.5 opacity-0 transition-opacity duration-150 focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100";
