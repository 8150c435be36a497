// A page or quiz is edited or looked at by its figures: one of the two at a time, and the address says which. The editor is fetched when it is first shown,
// and stays as it is while the figures are looked at.
import { createElement as h, useEffect, useState } from "react";

const HAS = new Set(["page", "quiz"]);

// Tells whose figures are looked at, "" for nobody's: whenever that is not what is told already, as after the line was lost.
export function useFigures({ shown, watching, onPage, onQuiz, onEditor }, entry) {
  const wanted = shown && HAS.has(entry?.kind) ? entry.id : "";
  useEffect(() => {
    if (wanted && wanted !== watching) (entry.kind === "page" ? onPage : onQuiz)(wanted);
    else if (!wanted && watching) onEditor();
  }, [wanted, watching]);
}

export function Views({ entry, figures, drawn, children }) {
  const { shown, show } = figures;
  const [edited, setEdited] = useState(shown ? "" : entry.key);
  useEffect(() => {
    if (!shown) setEdited(entry.key);
  }, [shown, entry.key]);
  const view = (name, isShown, act) => h("button", { type: "button", "aria-pressed": isShown, onClick: act }, name);
  return h(
    "div",
    { className: "ly-desk-views" },
    h("div", { className: "ly-segments", role: "group", "aria-label": `Show of this ${entry.kind}` }, view("Edit", !shown, () => show(false)), view("Analytics", shown, () => show(true))),
    h("div", { className: "ly-desk-part", hidden: shown }, !shown || edited === entry.key ? children : null),
    shown ? h("div", null, drawn) : null,
  );
}
