// The exam control room: a live grid of who sits a quiz. It reads the room at most every two seconds while it is looked at, and at once when the
// page's state says that something has moved. Clocks run by the server's time. More than fifty rows are windowed.
import { Search } from "lucide-react";
import { createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const PAUSE = 2000;
const WINDOWED_FROM = 50;
const NO_ANSWER = "No answer from the server. Check your connection; we keep trying.";

const STATES = {
  waiting: ["Not begun", "neutral"],
  open: ["Writing", "accent"],
  offline: ["Offline", "warn"],
  handed_in: ["Submitted", "ok"],
  submitted: ["Submitted", "ok"],
  expired: ["Time ran out", "neutral"],
  discarded: ["Not submitted in time", "neutral"],
};
const FILTERS = [
  ["all", "Everybody", () => true],
  ["writing", "Writing", (seat) => isOpen(seat)],
  ["offline", "Offline", (seat) => seat.state === "offline"],
  ["waiting", "Not begun", (seat) => seat.state === "waiting"],
  ["done", "Done", (seat) => !isOpen(seat) && seat.state !== "waiting"],
];
const ORDERS = [
  ["name", "By name", null],
  ["left", "Least time left first", (seat) => (isOpen(seat) && seat.deadline_at ? Date.parse(seat.deadline_at) : Infinity)],
  ["answered", "Least answered first", (seat) => (isOpen(seat) ? seat.answered / Math.max(1, seat.questions) : Infinity)],
];

export function ExamIsland({ assessment, revision, mayAct }) {
  const { room, skew, trouble, read } = useRoom(assessment, revision);
  const [words, setWords] = useState("");
  const [filter, setFilter] = useState("all");
  const [order, setOrder] = useState("name");
  const [chosen, setChosen] = useState(() => new Set());
  const [asking, setAsking] = useState("");
  const [done, setDone] = useState("");

  const shown = useMemo(() => (room ? arranged(room.seats, words, filter, order) : []), [room, words, filter, order]);
  const open = useMemo(() => (room ? room.seats.filter(isOpen) : []), [room]);
  const picked = useMemo(() => open.filter((seat) => chosen.has(seat.attempt_id)), [open, chosen]);

  const pick = useCallback((ids, on) => {
    setChosen((known) => {
      const next = new Set(known);
      for (const id of ids) on ? next.add(id) : next.delete(id);
      return next;
    });
  }, []);

  if (!room) return h("div", { className: "ly-room-empty", role: "status" }, trouble || "Reading who is in the room");
  const subject = picked.length ? picked : open;
  const close = () => setAsking("");
  const act = async (verb, body, said) => {
    const reply = await send(`/v/exams/${assessment}/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...body, attempts: picked.length ? picked.map((seat) => seat.attempt_id) : null }),
    }).catch(() => null);
    if (!reply?.ok) return reply ? sentenceOf(reply) : "That did not reach the server. Check your connection and try again.";
    const { attempts } = await reply.json();
    setDone(said(attempts));
    setAsking("");
    setChosen(new Set());
    read();
    return "";
  };

  return h(
    "div",
    { className: "ly-room" },
    h("p", { className: "ly-room-counts" }, inWords(room.seats)),
    h(
      "div",
      { className: "ly-room-tools", role: "search" },
      h("label", { className: "ly-search-box ly-room-search" }, h(Search, { size: 16, className: "ly-icon", "aria-hidden": "true" }), h("span", { className: "ly-sr" }, "Search by name"), h("input", { type: "search", placeholder: "Search by name", value: words, maxLength: 200, autoComplete: "off", onChange: (event) => setWords(event.target.value) })),
      h(
        "div",
        { className: "ly-segments", role: "group", "aria-label": "Who is shown" },
        FILTERS.map(([key, said, passes]) => h("button", { key, type: "button", "aria-pressed": filter === key ? "true" : "false", onClick: () => setFilter(key) }, said, " ", h("span", { className: "ly-nums" }, room.seats.filter(passes).length))),
      ),
      h("label", null, h("span", { className: "ly-sr" }, "Order"), h("select", { className: "ly-input", value: order, onChange: (event) => setOrder(event.target.value) }, ORDERS.map(([key, said]) => h("option", { key, value: key }, said)))),
    ),
    mayAct ? h(Acts, { picked, open, ask: setAsking, forget: () => setChosen(new Set()) }) : null,
    h("p", { className: done ? "ly-room-done" : "ly-sr", role: "status" }, done),
    trouble ? h("p", { className: "ly-room-trouble", role: "alert" }, trouble) : null,
    shown.length ? h(Grid, { seats: shown, skew, mayAct, chosen, pick }) : h("div", { className: "ly-room-empty" }, room.seats.length ? "Nobody here. Search for less, or show everybody." : "Nobody takes this course yet. Students appear here when they enrol."),
    asking === "time" ? h(GiveTime, { subject, all: !picked.length, close, act }) : null,
    asking === "end" ? h(EndAttempts, { subject, all: !picked.length, close, act }) : null,
    asking === "words" ? h(SendMessage, { subject, all: !picked.length, close, act }) : null,
  );
}

// What can be done for whoever is chosen, or for all who are writing.
function Acts({ picked, open, ask, forget }) {
  const several = picked.length ? picked.length > 1 : open.length !== 1;
  const none = open.length === 0;
  return h(
    "div",
    { className: "ly-room-acts", role: "group", "aria-label": "What to do" },
    h("span", { className: "ly-room-who" }, picked.length ? `${picked.length} chosen` : none ? "Nobody is writing now" : open.length === 1 ? "The one who is writing" : `All ${open.length} who are writing`),
    h(Button, { disabled: none, onClick: () => ask("time") }, "Give time…"),
    h(Button, { disabled: none, onClick: () => ask("words") }, "Send message…"),
    h(Button, { disabled: none, onClick: () => ask("end") }, several ? "End attempts…" : "End attempt…"),
    picked.length ? h(Button, { kind: "ghost", onClick: forget }, "Choose nobody") : null,
  );
}

// The grid ------------------------------------------------------------------------------------------------------------------------

function Grid({ seats, skew, mayAct, chosen, pick }) {
  const now = useSeconds(skew);
  const box = useRef(null);
  const [top, setTop] = useState(0);
  const windowed = seats.length > WINDOWED_FROM;
  useEffect(() => {
    const measure = () => setTop(box.current ? box.current.getBoundingClientRect().top + window.scrollY : 0);
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [windowed]);
  const rows = useWindowVirtualizer({ count: seats.length, estimateSize: () => 49, overscan: 12, scrollMargin: top, enabled: windowed, getItemKey: (index) => seats[index].enrollment_id });
  const items = windowed ? rows.getVirtualItems() : seats.map((_, index) => ({ index }));
  const above = windowed && items.length ? items[0].start - top : 0;
  const below = windowed && items.length ? rows.getTotalSize() - (items.at(-1).end - top) : 0;
  const able = seats.filter(isOpen).map((seat) => seat.attempt_id);
  const all = able.length > 0 && able.every((id) => chosen.has(id));
  return h(
    "div",
    { className: "ly-table-box ly-room-box", ref: box },
    h(
      "table",
      { className: "ly-table ly-room-table", "aria-rowcount": seats.length + 1 },
      h("caption", { className: "ly-sr" }, "Who takes this quiz"),
      h(
        "thead",
        null,
        h(
          "tr",
          { "aria-rowindex": 1 },
          mayAct ? h("td", { className: "ly-room-pick" }, h(Tick, { label: "Choose all shown who are writing", on: all, disabled: !able.length, set: (on) => pick(able, on) })) : null,
          h("th", { scope: "col" }, "Name"),
          h("th", { scope: "col" }, "State"),
          h("th", { scope: "col" }, "Page"),
          h("th", { scope: "col" }, "Answered"),
          h("th", { scope: "col" }, "Saved"),
          h("th", { scope: "col", className: "ly-num" }, "Time left"),
          h("th", { scope: "col", className: "ly-num" }, "Result"),
        ),
      ),
      h(
        "tbody",
        null,
        above > 0 ? h("tr", { className: "ly-room-gap", "aria-hidden": "true" }, h("td", { colSpan: mayAct ? 8 : 7, style: { height: above } })) : null,
        items.map(({ index }) => h(Seat, { key: seats[index].enrollment_id, seat: seats[index], index, now, mayAct, on: chosen.has(seats[index].attempt_id), pick, measure: windowed ? rows.measureElement : null })),
        below > 0 ? h("tr", { className: "ly-room-gap", "aria-hidden": "true" }, h("td", { colSpan: mayAct ? 8 : 7, style: { height: below } })) : null,
      ),
    ),
  );
}

function Seat({ seat, index, now, mayAct, on, pick, measure }) {
  const [said, tone] = STATES[seat.state] ?? [seat.state, "neutral"];
  const open = isOpen(seat);
  const begun = seat.state !== "waiting";
  const left = open && seat.deadline_at ? Math.max(0, Math.ceil((Date.parse(seat.deadline_at) - now) / 1000)) : null;
  return h(
    "tr",
    { ref: measure, "data-index": index, "aria-rowindex": index + 2, "data-chosen": on && open ? "" : undefined },
    mayAct ? h("td", { className: "ly-room-pick" }, open ? h(Tick, { label: `Choose ${seat.name}`, on, set: (to) => pick([seat.attempt_id], to) }) : null) : null,
    h("th", { scope: "row" }, seat.name, seat.number > 1 ? h("small", { className: "ly-caption" }, ` attempt ${seat.number}`) : null),
    h("td", { className: "ly-room-state" }, h("span", { className: "ly-pill", "data-tone": tone }, said), seat.state === "offline" ? h("small", { className: "ly-caption" }, ` since ${clockTime(seat.seen_at)}`) : null),
    h("td", { "data-name": "Page" }, begun ? `${seat.page} of ${seat.pages}` : h(None)),
    h("td", { "data-name": "Answered" }, begun ? `${seat.answered} of ${seat.questions}` : h(None)),
    h("td", { "data-name": "Saved" }, seat.saved_at ? clockTime(seat.saved_at) : h(None)),
    h("td", { className: "ly-num", "data-name": "Time left", "data-soon": left !== null && left <= 300 ? "" : undefined }, left !== null ? duration(left) : open ? "No limit" : h(None)),
    h("td", { className: "ly-num", "data-name": "Result" }, seat.percent !== null && !open ? `${seat.percent}\u00a0%` : h(None)),
  );
}

function None() {
  return h("span", { className: "ly-room-none" }, "–");
}

function Tick({ label, on, disabled = false, set }) {
  return h("label", { className: "ly-room-tick" }, h("span", { className: "ly-sr" }, label), h("input", { type: "checkbox", checked: on, disabled, onChange: (event) => set(event.target.checked) }));
}

// What is asked before it is done -------------------------------------------------------------------------------------------------

function GiveTime({ subject, all, close, act }) {
  const [minutes, setMinutes] = useState("10");
  const [own, setOwn] = useState("");
  const timeless = subject.filter((seat) => !seat.deadline_at).length;
  const value = Number((minutes === "own" ? own : minutes).replace(",", "."));
  const check = () => (value > 0 && value <= 1440 ? "" : "Say how many minutes, up to 1,440.");
  const given = (count) => (count === 0 ? "Nobody had a clock to move." : `${count === 1 ? "One student has" : `${count} students have`} ${value} more ${value === 1 ? "minute" : "minutes"}. Their clocks have moved.`);
  return h(
    Ask,
    { title: `Give time to ${whom(subject, all)}?`, verb: "Give time", close, check, confirm: () => act("extension", { seconds: Math.round(value * 60) }, given) },
    h("p", { className: "ly-second" }, "Their clocks move at once. ", timeless ? (timeless === subject.length ? "There is no time limit here, so nothing would change." : `${timeless} of them have no time limit; nothing changes for them.`) : ""),
    h(
      "fieldset",
      { className: "ly-room-minutes" },
      h("legend", null, "Minutes more"),
      ["5", "10", "15"].map((each) => h("label", { key: each, className: "ly-check" }, h("input", { type: "radio", name: "minutes", checked: minutes === each, onChange: () => setMinutes(each) }), h("span", null, each))),
      h("label", { className: "ly-check" }, h("input", { type: "radio", name: "minutes", checked: minutes === "own", onChange: () => setMinutes("own") }), h("span", null, "Another number")),
      h("input", { className: "ly-input", "aria-label": "Another number of minutes", inputMode: "decimal", maxLength: 6, value: own, onFocus: () => setMinutes("own"), onChange: (event) => setOwn(event.target.value) }),
    ),
  );
}

function EndAttempts({ subject, all, close, act }) {
  const answered = subject.reduce((sum, seat) => sum + seat.answered, 0);
  const questions = subject.reduce((sum, seat) => sum + seat.questions, 0);
  const one = subject.length === 1;
  return h(
    Ask,
    {
      title: `End ${one ? "the attempt" : "the attempts"} of ${whom(subject, all)}?`,
      verb: one ? "End attempt" : `End ${subject.length} attempts`,
      kind: "danger",
      close,
      check: () => "",
      confirm: () => act("end", {}, (count) => (count === 1 ? "One attempt is submitted." : `${count} attempts are submitted.`)),
    },
    h("p", { className: "ly-second" }, `What is saved by now counts: ${answered} of ${questions} ${questions === 1 ? "question" : "questions"} ${answered === 1 ? "is" : "are"} answered. ${one ? "The student sees" : "The students see"} the result as the quiz shows it. This cannot be taken back.`),
  );
}

function SendMessage({ subject, all, close, act }) {
  const [text, setText] = useState("");
  const told = (count) => (count === 1 ? "One student has your message." : `${count} students have your message.`);
  return h(
    Ask,
    { title: `Send a message to ${whom(subject, all)}`, verb: "Send message", close, check: () => (text.trim() ? "" : "Write something to send."), confirm: () => act("messages", { text: text.trim() }, told) },
    h("div", { className: "ly-field" }, h("label", { className: "ly-label", htmlFor: "room-message" }, "Message"), h("textarea", { id: "room-message", className: "ly-input", rows: 4, maxLength: 1000, value: text, autoFocus: true, onChange: (event) => setText(event.target.value) }), h("p", { className: "ly-help" }, all ? "It appears in the quiz at once, and for whoever begins later." : "It appears in the quiz at once.")),
  );
}

// A dialog that stays, with what was typed, until the server has said yes.
function Ask({ title, verb, kind = "primary", close, check, confirm, children }) {
  const dialog = useRef(null);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  const submit = async (event) => {
    event.preventDefault();
    const wrong = check();
    if (wrong || busy) return setTrouble(wrong);
    setBusy(true);
    const refused = await confirm();
    if (!refused) return undefined;
    setBusy(false);
    return setTrouble(refused);
  };
  return h(
    "dialog",
    { ref: dialog, className: "ly-dialog", onClose: close, "aria-labelledby": "room-ask" },
    h("h2", { id: "room-ask" }, title),
    h(
      "form",
      { className: "ly-stack", "data-gap": "16", noValidate: true, onSubmit: submit },
      children,
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close, autoFocus: kind === "danger" }, "Cancel"), h(Button, { type: "submit", kind, busy }, verb)),
    ),
  );
}

function Button({ kind = "default", busy = false, disabled = false, type = "button", children, ...props }) {
  return h("button", { type, className: "ly-button", "data-kind": kind, "data-size": "m", "aria-busy": busy ? "true" : undefined, disabled: disabled || busy, ...props }, h("span", null, children));
}

// Reading the room ----------------------------------------------------------------------------------------------------------------

// `{ room, skew, trouble, read }`: skew is the server's clock minus ours, in milliseconds.
function useRoom(assessment, revision) {
  const [state, setState] = useState({ room: null, skew: 0, trouble: "" });
  const busy = useRef(false);
  const again = useRef(false);
  const timer = useRef(null);
  const gone = useRef(false);
  const read = useCallback(async () => {
    if (busy.current) {
      again.current = true;
      return;
    }
    clearTimeout(timer.current);
    busy.current = true;
    again.current = false;
    const began = Date.now();
    try {
      const reply = await send(`/v/exams/${assessment}/room`);
      if (!reply.ok) throw new Error(await sentenceOf(reply));
      const room = await reply.json();
      // The reply was made somewhere between asking and now.
      setState({ room, skew: Date.parse(room.at) - (began + Date.now()) / 2, trouble: "" });
    } catch (error) {
      const why = error instanceof TypeError ? NO_ANSWER : error.message;
      setState((known) => ({ ...known, trouble: known.room ? `${why} What you see is of ${clockTime(known.room.at)}.` : why }));
    }
    busy.current = false;
    if (gone.current) return;
    if (again.current) read();
    // A slow answer makes the pauses longer.
    else timer.current = setTimeout(() => document.visibilityState === "visible" && read(), Math.max(PAUSE, 4 * (Date.now() - began)));
  }, [assessment]);
  useEffect(() => {
    gone.current = false;
    const look = () => document.visibilityState === "visible" && read();
    document.addEventListener("visibilitychange", look);
    return () => {
      gone.current = true;
      clearTimeout(timer.current);
      document.removeEventListener("visibilitychange", look);
    };
  }, [read]);
  useEffect(() => {
    read();
  }, [read, revision]);
  return { ...state, read };
}

// The server's time, once a second.
function useSeconds(skew) {
  const [now, setNow] = useState(() => Date.now() + skew);
  useEffect(() => {
    setNow(Date.now() + skew);
    const timer = setInterval(() => setNow(Date.now() + skew), 1000);
    return () => clearInterval(timer);
  }, [skew]);
  return now;
}

async function sentenceOf(reply) {
  try {
    const { title, fields } = await reply.json();
    return [title, ...Object.values(fields ?? {})].join(" ");
  } catch {
    return "That did not work. Try again.";
  }
}

// Words and order -----------------------------------------------------------------------------------------------------------------

function isOpen(seat) {
  return seat.state === "open" || seat.state === "offline";
}

function arranged(seats, words, filter, order) {
  const asked = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const passes = FILTERS.find(([key]) => key === filter)[2];
  const found = seats.filter((seat) => passes(seat) && asked.every((word) => seat.name.toLocaleLowerCase().includes(word)));
  const measure = ORDERS.find(([key]) => key === order)[2];
  return measure ? found.map((seat) => [measure(seat), seat]).sort(([one], [other]) => (one === other ? 0 : one - other)).map(([, seat]) => seat) : found;
}

// "12 are writing, 2 of them offline. 3 have not begun. 30 are done."
function inWords(seats) {
  const count = (passes) => seats.filter(passes).length;
  const writing = count(isOpen);
  const offline = count((seat) => seat.state === "offline");
  const waiting = count((seat) => seat.state === "waiting");
  const done = seats.length - writing - waiting;
  const one = (number, singular, plural) => (number === 0 ? `Nobody ${singular}` : number === 1 ? `One ${singular}` : `${number} ${plural}`);
  return [
    `${one(writing, "is writing", "are writing")}${offline ? `, ${offline === writing ? "offline" : `${offline} of them offline`}` : ""}.`,
    waiting ? `${one(waiting, "has not begun", "have not begun")}.` : "",
    done ? `${one(done, "is done", "are done")}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function whom(subject, all) {
  if (subject.length === 1) return subject[0].name;
  return all ? `all ${subject.length} who are writing` : `${subject.length} students`;
}

function duration(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

function clockTime(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}
