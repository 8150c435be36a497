// Threads as rows that lead to them, twenty at a time.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { Button, ask } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";

// What an address says, read again when any of `when` has moved. The last that was asked for wins.
export function useRead(address, when) {
  const [found, setFound] = useState(null);
  const [trouble, setTrouble] = useState("");
  const turn = useRef(0);
  const read = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const told = await ask("GET", address);
      if (mine !== turn.current) return;
      setFound(told);
      setTrouble("");
    } catch (error) {
      if (mine === turn.current) setTrouble(error.message);
    }
  }, [address]);
  useEffect(() => {
    read();
  }, [read, ...when]);
  return { found, trouble, read };
}

export function Unread({ trouble, read, height = 120 }) {
  if (!trouble) return h("div", { className: "ly-skeleton", style: { minHeight: height } });
  return h("div", { className: "ly-empty", role: "alert" }, h("p", { className: "ly-strong" }, "This could not be read"), h("p", null, trouble), h(Button, { onClick: read }, "Try again"));
}

export function Threads({ threads, empty }) {
  if (!threads.length) return empty;
  return h("div", { className: "ly-rows" }, threads.map((thread) => h(Row, { key: thread.id, thread })));
}

function Row({ thread }) {
  const replies = thread.replies === 0 ? "No reply yet" : thread.replies === 1 ? "1 reply" : `${thread.replies} replies`;
  return h(
    "div",
    { className: "ly-row" },
    h(
      "div",
      { className: "ly-row-main" },
      h("p", { className: "ly-row-title" }, h(Link, { to: `/discussion/${thread.id}` }, thread.title)),
      h("div", { className: "ly-row-sub" }, [thread.page, thread.author, replies, thread.when].filter(Boolean).join(" · ")),
    ),
    h(
      "div",
      { className: "ly-row-end" },
      thread.reports ? h(Pill, { tone: "bad" }, thread.reports === 1 ? "Reported" : `Reported ${thread.reports} times`) : null,
      thread.removed ? h(Pill, null, "Removed") : null,
      thread.closed ? h(Pill, null, "Closed") : null,
      thread.answered ? h(Pill, { tone: "ok" }, "Answered") : null,
    ),
  );
}

export function Pill({ tone, children }) {
  return h("span", { className: "ly-pill", "data-tone": tone }, children);
}

export function Turning({ sheet, turn }) {
  if (sheet.pages < 2) return null;
  return h(
    "nav",
    { className: "ly-pages", "aria-label": "Pages of this list" },
    h("span", { className: "ly-nums" }, `Page ${sheet.page} of ${sheet.pages}`),
    h("div", null, h(Button, { size: "s", disabled: sheet.page <= 1, onClick: () => turn(sheet.page - 1) }, "Newer"), h(Button, { size: "s", disabled: sheet.page >= sheet.pages, onClick: () => turn(sheet.page + 1) }, "Older")),
  );
}
