// Students at risk: thresholds that are dragged with whom they flag, reasons in words, dismissals, messages.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { Button, Dialog, Field, ask, useAct } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import MessageDialog from "$/public/external/lms_app/web/instructor/students/message_dialog.jsx";
import { FigureNotes } from "$/public/external/lms_app/web/components/figure_notes/figure_notes.jsx";
import "$/public/css/students.css";

const many = (count, one, more) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : more}`;
const SAYS = [
  ["absent_days", "No visit", (n) => `for ${many(n, "day", "days")}`],
  ["unbegun_days", "Not begun", (n) => `${many(n, "day", "days")} after enrolling`],
  ["low_percent", "Quizzes under", (n) => `${n} %`],
  ["low_quizzes", "Such quizzes", (n) => `${n} or more`],
  ["behind_percent", "Behind:", (n) => `under ${n} % of the median`],
  ["missed_items", "Due and not handed in", (n) => `${n} or more`],
];

export function RiskIsland({ courseId, revision }) {
  const base = `/v/courses/${courseId}/risk`;
  const [sheet, setSheet] = useState(null);
  const [values, setValues] = useState(null);
  const [dismissed, setDismissed] = useState(false);
  const [first, setFirst] = useState(0);
  const [trouble, setTrouble] = useState("");
  const [said, setSaid] = useState("");
  const [writing, setWriting] = useState(null);
  const [seeing, setSeeing] = useState(null);
  const turn = useRef(0);
  const tried = Boolean(sheet && values && SAYS.some(([name]) => values[name] !== sheet.kept[name]));

  const read = useCallback(async () => {
    turn.current += 1;
    const now = turn.current;
    try {
      const told = await ask("GET", `${base}?${new URLSearchParams({ first, dismissed })}`);
      if (turn.current !== now) return;
      setSheet(told);
      setValues(told.kept);
      setTrouble("");
    } catch (error) {
      if (turn.current === now) setTrouble(error.message);
    }
  }, [base, first, dismissed]);

  useEffect(() => {
    if (!tried) read();
    // What is being tried is not taken away by what moves meanwhile.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [read, revision]);

  useEffect(() => {
    if (!tried) return undefined;
    const later = setTimeout(async () => {
      turn.current += 1;
      const now = turn.current;
      try {
        const told = await ask("POST", `${base}/preview`, values);
        if (turn.current === now) setSheet(told);
      } catch (error) {
        if (turn.current === now) setTrouble(error.message);
      }
    }, 120);
    return () => clearTimeout(later);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [values, base]);

  const act = async (run) => {
    try {
      await run();
      setTrouble("");
      await read();
    } catch (error) {
      setTrouble(error.message);
    }
  };

  if (!sheet) return h("p", { className: trouble ? "ly-error" : "ly-second", role: trouble ? "alert" : "status" }, trouble || "Looking for students at risk…");
  const open = sheet.lines.filter((line) => line.may_nudge && !line.dismissed);
  const shown = dismissed ? sheet.dismissed : sheet.flagged;
  const done = (words) => {
    setWriting(null);
    setSaid(words);
    read();
  };
  return h(
    "div",
    { className: "ly-risk" },
    h(
      "section",
      { className: "ly-risk-set", "aria-label": "Thresholds" },
      h("p", { className: "ly-risk-flags", role: "status" }, `${tried ? "Would flag" : "Flags"} ${sheet.flagged.toLocaleString("en-GB")} of ${many(sheet.students, "student", "students")}`),
      h(
        "div",
        { className: "ly-risk-ranges" },
        SAYS.map(([name, words, say]) =>
          h(
            "label",
            { key: name },
            h("span", null, words, " ", h("b", null, values[name] ? say(values[name]) : "off")),
            h("input", {
              type: "range",
              min: 0,
              max: sheet.most[name],
              step: sheet.most[name] === 100 ? 5 : 1,
              value: values[name],
              disabled: !sheet.may_act,
              "aria-label": words,
              "aria-valuetext": values[name] ? say(values[name]) : "off",
              onChange: (event) => {
                setDismissed(false);
                setFirst(0);
                setValues({ ...values, [name]: Number(event.target.value) });
              },
            }),
          ),
        ),
      ),
      tried
        ? h(
            "div",
            { className: "ly-line" },
            h(Button, { kind: "primary", onClick: () => act(() => ask("PUT", `${base}/thresholds`, values)) }, "Keep these thresholds"),
            h(Button, { kind: "ghost", onClick: read }, "Put back"),
          )
        : h(
            "p",
            { className: "ly-caption" },
            sheet.median ? `Half of those who have begun have done ${sheet.median} or more items.` : "Nobody counts as behind before half of those who have begun have done an item.",
            sheet.may_act ? "" : " Owners, editors and graders of the course set these thresholds.",
          ),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h(
      "div",
      { className: "ly-people-tools" },
      h(
        "div",
        { className: "ly-segments", role: "group", "aria-label": "Which of them" },
        [
          [false, `Flagged ${sheet.flagged}`],
          [true, `Dismissed ${sheet.dismissed}`],
        ].map(([which, words]) =>
          h(
            "button",
            {
              key: words,
              type: "button",
              disabled: tried,
              "aria-pressed": String(which === dismissed),
              onClick: () => {
                setFirst(0);
                setDismissed(which);
              },
            },
            words,
          ),
        ),
      ),
      sheet.may_act && !dismissed && !tried && open.length > 1
        ? h(
            Button,
            { size: "s", onClick: () => setWriting({ students: open.map((line) => line.id), whom: `${open.length} students`, suggestion: open[0].suggestion }) },
            `Write to these ${open.length}`,
          )
        : null,
      h("span", { className: "ly-caption", role: "status" }, said),
    ),
    sheet.lines.length
      ? h(
          "ul",
          { className: "ly-rows" },
          sheet.lines.map((line) =>
            h(
              "li",
              { key: line.id, className: "ly-row" },
              h(
                "div",
                { className: "ly-row-main" },
                h("p", { className: "ly-row-title" }, h("a", { className: "ly-link", href: `/teach/courses/${courseId}/students/${line.id}` }, line.name)),
                h("div", { className: "ly-risk-why" }, line.why),
                line.dismissed ? h("div", { className: "ly-row-sub" }, `Dismissed: ${line.dismissed}`) : null,
                line.nudged ? h("div", { className: "ly-row-sub" }, `Written to ${line.nudged}`) : null,
              ),
              sheet.may_act && !tried
                ? h(
                    "div",
                    { className: "ly-row-end" },
                    line.dismissed
                      ? h(Button, { size: "s", "aria-label": `Flag ${line.name} again`, onClick: () => act(() => ask("DELETE", `${base}/dismissals/${line.id}`)) }, "Flag again")
                      : h(Button, { size: "s", kind: "ghost", "aria-label": `Dismiss ${line.name}`, onClick: () => setSeeing(line) }, "Dismiss"),
                    h(
                      Button,
                      { size: "s", disabled: !line.may_nudge, "aria-label": `Write to ${line.name}`, onClick: () => setWriting({ students: [line.id], whom: line.name, suggestion: line.suggestion }) },
                      "Write",
                    ),
                  )
                : null,
            ),
          ),
        )
      : h("p", { className: "ly-people-empty" }, dismissed ? "Nobody is dismissed." : "Nobody is flagged by these thresholds."),
    shown > 50
      ? h(
          "nav",
          { className: "ly-pages", "aria-label": "Pages of this list" },
          h("span", { className: "ly-nums" }, `${sheet.first + 1} to ${sheet.first + sheet.lines.length} of ${shown}`),
          h(
            "div",
            null,
            h(Button, { size: "s", disabled: tried || first === 0, onClick: () => setFirst(first - 50) }, "Previous"),
            h(Button, { size: "s", disabled: tried || first + 50 >= shown, onClick: () => setFirst(first + 50) }, "Next"),
          ),
        )
      : null,
    h("section", { className: "ly-risk-helped" }, h("h2", { className: "ly-section-title" }, "Did messages help?"), h("p", { className: "ly-second" }, sheet.helped)),
    h(FigureNotes, { metrics: sheet.metrics, of: many(sheet.students, "student", "students"), asOf: sheet.as_of }),
    writing ? h(MessageDialog, { base, ...writing, close: () => setWriting(null), done }) : null,
    seeing
      ? h(DismissDialog, {
          base,
          line: seeing,
          close: () => setSeeing(null),
          done: () => {
            setSeeing(null);
            read();
          },
        })
      : null,
  );
}

function DismissDialog({ base, line, close, done }) {
  const [reason, setReason] = useState("");
  const { run, busy, trouble } = useAct(async () => {
    await ask("PUT", `${base}/dismissals/${line.id}`, { reason });
    done();
  });
  return h(
    Dialog,
    { title: `Dismiss ${line.name}`, close },
    h(
      "form",
      { className: "ly-form", noValidate: true, onSubmit: run },
      h("p", { className: "ly-second" }, `${line.why} They are flagged again once there is another reason, or one of these gets worse.`),
      h(Field, { label: "Why they are well", value: reason, maxLength: 300, onChange: (event) => setReason(event.target.value), help: "For the staff of this course." }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary", busy }, "Dismiss")),
    ),
  );
}
