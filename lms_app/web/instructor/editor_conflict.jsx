// Somebody else saved the page meanwhile: both texts, and the choice.
import { createElement as h, useState } from "react";
import { Button, clockTime } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Difference, merged } from "$/public/external/lms_app/web/instructor/editor/editor_difference.jsx";

const LABELS = { added: "Only in yours", removed: "Only in theirs", changed: "Said differently" };

export function Conflict({ theirs, settle }) {
  const [chosen, setChosen] = useState({});
  const of = (at) => chosen[at] ?? (theirs.pieces[at].kind === "removed" ? "theirs" : "mine");
  const set = (at, wanted) => setChosen((before) => ({ ...before, [at]: wanted }));
  const every = (wanted) => setChosen(Object.fromEntries(theirs.pieces.map((_, at) => [at, wanted])));
  return h(
    "section",
    { className: "ly-callout ly-editor-conflict", "data-tone": "warn", "aria-label": "Two texts" },
    h("div", null, h("p", { className: "ly-callout-title", role: "alert" }, `${theirs.author} saved this page at ${clockTime(theirs.saved_at)}, while you were writing`), h("p", null, "Nothing is lost. Choose for each part what the page shall say. Both texts stay in its history.")),
    h("div", { className: "ly-line", "data-wrap": "" }, h(Button, { size: "s", onClick: () => every("theirs") }, "All theirs"), h(Button, { size: "s", onClick: () => every("mine") }, "All mine")),
    h(Difference, { pieces: theirs.pieces, choice: { of, set }, labels: LABELS }),
    h("div", { className: "ly-dialog-actions" }, h(Button, { kind: "primary", onClick: () => settle(theirs.pieces.every((piece, at) => piece.kind === "same" || of(at) === "theirs") ? null : merged(theirs.pieces, of)) }, "Use what I chose")),
  );
}
