// What is marked: read again, marked anew, released.
import { createElement as h, useCallback, useEffect, useState } from "react";
import { Button, ask } from "$/public/external/lms_app/web/instructor/marker/marking_parts.jsx";

export function MarkedList({ assessment, byRelease, open }) {
  const [shown, setShown] = useState(null);
  const [page, setPage] = useState(1);
  const [trouble, setTrouble] = useState("");
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState("");
  const read = useCallback(() => ask("GET", `/v/marking/quizzes/${assessment}/marks?page=${page}`).then(setShown, (error) => setTrouble(error.message)), [assessment, page]);
  useEffect(() => {
    read();
  }, [read]);
  const act = async (name, work) => {
    setTrouble("");
    setBusy(name);
    try {
      await work();
      await read();
    } catch (error) {
      setTrouble(error.message);
    }
    setBusy("");
  };
  const releaseAll = () =>
    act("all", async () => {
      const done = await ask("POST", `/v/marking/quizzes/${assessment}/release`);
      setSaid(done.attempts === 0 ? "Nothing waits to be released." : done.attempts === 1 ? "One student has their marks now." : `${done.attempts} attempts have their marks now.`);
    });
  const releaseOne = (line) =>
    act(line.id, async () => {
      await ask("POST", `/v/marking/marks/${line.id}/release`);
      setSaid("The marks are released.");
    });
  if (!shown) return h("p", { className: trouble ? "ly-error" : "ly-second", role: "status" }, trouble || "Reading the marks…");
  return h(
    "div",
    { className: "ly-stack", "data-gap": "16" },
    byRelease ? h("div", { className: "ly-line", "data-between": "" }, h("p", { className: "ly-second" }, "Students see their marks once you release them."), h(Button, { kind: "primary", busy: busy === "all", onClick: releaseAll }, "Release all marks")) : null,
    h("p", { className: said ? "ly-second" : "ly-sr", role: "status" }, said),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    shown.lines.length
      ? h(
          "ul",
          { className: "ly-rows" },
          shown.lines.map((line, place) => {
            const who = line.name || `Answer ${(shown.page - 1) * 50 + place + 1}`;
            return h(
              "li",
              { key: line.id, className: "ly-mark-line" },
              h("div", null, h("p", { className: "ly-strong" }, who), h("p", { className: "ly-small ly-quiet" }, line.question ? `Question ${line.question} · ` : "", `marked ${line.when}`)),
              h("span", { className: "ly-nums" }, `${line.score} of ${line.points}`),
              byRelease ? h("span", { className: "ly-small ly-quiet" }, line.released ? "Released" : line.waits ? "Not released" : "Not marked to the end") : null,
              h("span", { className: "ly-line" }, h(Button, { size: "s", "aria-label": `Mark ${who} anew`, onClick: () => open(line.id) }, "Mark anew"), byRelease && line.waits ? h(Button, { size: "s", busy: busy === line.id, "aria-label": `Release marks of ${who}`, onClick: () => releaseOne(line) }, "Release") : null),
            );
          }),
        )
      : h("p", { className: "ly-second" }, "Nothing is marked yet."),
    shown.more || page > 1 ? h("div", { className: "ly-line" }, h(Button, { size: "s", disabled: page === 1, onClick: () => setPage(page - 1) }, "Newer"), h(Button, { size: "s", disabled: !shown.more, onClick: () => setPage(page + 1) }, "Older")) : null,
  );
}
