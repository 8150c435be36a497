// Two states of a page side by side, piece by piece.
import { createElement as h } from "react";
import { Html } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

const WORDS = { added: "Added", removed: "Taken out", changed: "Changed" };

// What is the same is told by its number. With `choice` each difference offers what it shall be.
export function Difference({ pieces, choice, labels = {} }) {
  const rows = [];
  let same = 0;
  const close = () => {
    if (same) rows.push(h("p", { key: `same-${rows.length}`, className: "ly-difference-same" }, same === 1 ? "One part is the same." : `${same} parts are the same.`));
    same = 0;
  };
  pieces.forEach((piece, at) => {
    if (piece.kind === "same") {
      same += 1;
      return;
    }
    close();
    rows.push(h(Piece, { key: at, piece, choice: choice ? (wanted) => choice.set(at, wanted) : null, chosen: choice?.of(at), labels }));
  });
  close();
  return h("div", { className: "ly-difference" }, rows.length ? rows : h("p", { className: "ly-quiet" }, "There is nothing on it."));
}

function Piece({ piece, choice, chosen, labels }) {
  return h(
    "div",
    { className: "ly-difference-piece", "data-kind": piece.kind },
    h("p", { className: "ly-caption" }, labels[piece.kind] ?? WORDS[piece.kind]),
    piece.words
      ? h(Html, { html: piece.words, className: "ly-difference-words ly-prose" })
      : h(
          "div",
          { className: "ly-difference-sides" },
          piece.before ? h(Html, { html: piece.before, className: "ly-prose", "data-side": "before" }) : null,
          piece.after ? h(Html, { html: piece.after, className: "ly-prose", "data-side": "after" }) : null,
        ),
    choice
      ? h(
          "div",
          { className: "ly-segments", role: "group", "aria-label": "What it shall say" },
          [["theirs", "Theirs"], ["mine", "Mine"], ...(piece.kind === "changed" ? [["both", "Both"]] : [])].map(([key, words]) =>
            h("button", { key, type: "button", "aria-pressed": chosen === key ? "true" : "false", onClick: () => choice(key) }, words),
          ),
        )
      : null,
  );
}

// The nodes that the choices make: pieces go from theirs (before) to mine (after).
export function merged(pieces, chosen) {
  const nodes = pieces.flatMap((piece, at) => {
    if (piece.kind === "same") return piece.after_nodes;
    const wanted = chosen(at);
    return [...(wanted === "mine" ? [] : piece.before_nodes), ...(wanted === "theirs" ? [] : piece.after_nodes)];
  });
  return { type: "doc", content: nodes.length ? nodes : [{ type: "paragraph" }] };
}
