/** Stands before mathematics inside code, where no reader of markdown touches it. Two private characters: in a line, by itself. */
export const INLINE = "\uE000";
export const DISPLAY = "\uE001";

const PIECES =
  /(^ {0,3}(?:```|~~~)[\s\S]*?(?:^ {0,3}(?:```|~~~)[^\S\n]*$|$(?![\s\S]))|(`+)[\s\S]*?[^`]\2(?!`))|\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([^\n]+?)\\\)|(?<![\\$\w])\$(?![\s$])([^\n$]*?[^\s\\$])\$(?![\d$])/gm;
const FORMULA = /[\\^_{}=<>+*/]|^[A-Za-z]$/;

/** Put mathematics where markdown leaves it as it is: `a_1` is no emphasis, `\(` no escaped bracket. */
export function protectMath(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  return text.replace(
    PIECES,
    (
      whole: string,
      code: string | undefined,
      _: string,
      dollars?: string,
      bracket?: string,
      paren?: string,
      dollar?: string,
    ) => {
      if (code !== undefined) return whole;
      const display = dollars ?? bracket;
      if (display !== undefined) return asCode(DISPLAY, display);
      if (paren !== undefined) return asCode(INLINE, paren);
      // One dollar is also money: it takes something of a formula.
      return dollar !== undefined && FORMULA.test(dollar) ? asCode(INLINE, dollar) : whole;
    },
  );
}

function asCode(sign: string, formula: string): string {
  const longest = Math.max(0, ...(formula.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${sign}${formula.trim().replace(/\s*\n\s*/g, " ")}${ticks}`;
}

const SIGNS: Record<string, string> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ",
  lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", varphi: "φ", chi: "χ",
  psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Pi: "Π", Sigma: "Σ", Phi: "Φ", Psi: "Ψ",
  Omega: "Ω", times: "×", cdot: "·", div: "÷", pm: "±", mp: "∓", le: "≤", leq: "≤", ge: "≥", geq: "≥", ne: "≠",
  neq: "≠", approx: "≈", equiv: "≡", sim: "∼", propto: "∝", infty: "∞", partial: "∂", nabla: "∇", sum: "∑",
  prod: "∏", int: "∫", to: "→", rightarrow: "→", leftarrow: "←", Rightarrow: "⇒", iff: "⇔", implies: "⇒", in: "∈",
  notin: "∉", subset: "⊂", subseteq: "⊆", cup: "∪", cap: "∩", emptyset: "∅", forall: "∀", exists: "∃", neg: "¬",
  land: "∧", lor: "∨", ldots: "…", dots: "…", cdots: "⋯", circ: "∘", degree: "°", hbar: "ℏ", ell: "ℓ", quad: "  ",
  ",": " ", ";": " ", "!": "", "%": "%", left: "", right: "", displaystyle: "",
}; // biome-ignore format: a table
const RAISED: Record<string, string> = {
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
  "+": "⁺",
  "-": "⁻",
  n: "ⁿ",
  i: "ⁱ",
};
const LOWERED: Record<string, string> = {
  "0": "₀",
  "1": "₁",
  "2": "₂",
  "3": "₃",
  "4": "₄",
  "5": "₅",
  "6": "₆",
  "7": "₇",
  "8": "₈",
  "9": "₉",
  "+": "₊",
  "-": "₋",
  i: "ᵢ",
  j: "ⱼ",
  n: "ₙ",
};

/** A formula in plain signs where that says all of it (`x^2 \le \pi` is x² ≤ π); else as it was written. */
export function readable(formula: string): string {
  const plain = formula
    .replace(/\\(?:text|mathrm|mathbf|mathit|operatorname)\{([^{}]*)\}/g, "$1")
    .replace(
      /\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/g,
      (_, above: string, below: string) => `${grouped(above)}/${grouped(below)}`,
    )
    .replace(/\\sqrt\{([^{}]*)\}/g, (_, inside: string) => `√${grouped(inside)}`)
    .replace(/\\([A-Za-z]+|[,;!%])/g, (whole, name: string) => SIGNS[name] ?? whole)
    .replace(
      /\^(?:\{([^{}]*)\}|(\S))/g,
      (whole, group?: string, one?: string) => shifted(RAISED, group ?? one ?? "") ?? whole,
    )
    .replace(
      /_(?:\{([^{}]*)\}|(\S))/g,
      (whole, group?: string, one?: string) => shifted(LOWERED, group ?? one ?? "") ?? whole,
    );
  return /[\\{}^_]/.test(plain) ? formula : plain.replace(/ {2,}/g, " ").trim();
}

function grouped(part: string): string {
  return /^[\w.]+$|^\\[A-Za-z]+$/.test(part.trim()) ? part.trim() : `(${part.trim()})`;
}

function shifted(table: Record<string, string>, signs: string): string | null {
  const found = [...signs].map((sign) => table[sign]);
  return found.length > 0 && found.every((sign) => sign !== undefined) ? found.join("") : null;
}
