// How a node stands for students: a word and a mark, never colour alone.
import { createElement as h } from "react";
import { Check, CircleDashed, EyeOff, Minus, Pencil } from "lucide-react";

const STATES = {
  published: [Check, "Published", "ok"],
  changed: [Pencil, "Changed", "warn", "Changed since published"],
  draft: [CircleDashed, "Draft", ""],
  held_back: [EyeOff, "Held back", ""],
  empty: [Minus, "Empty", ""],
};

export function State({ state, full = false }) {
  const [Icon, word, tone, whole] = STATES[state] ?? STATES.draft;
  return h(
    "span",
    { className: full ? "ly-pill" : "ly-tree-state", "data-tone": tone || undefined, title: full ? undefined : whole },
    h(Icon, { size: full ? 14 : 12, className: "ly-icon", "aria-hidden": true }),
    h("span", null, full ? (whole ?? word) : word),
  );
}
