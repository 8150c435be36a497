// A course under its authors' hands: the outline, and beside it whatever of it is chosen.
import { Children, createElement as h, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Archive, ArrowDown, ArrowLeft, ArrowUp, ChevronsDownUp, ChevronsUpDown, CopyPlus, Lock, Pencil, Plus, Search, Send, Settings, X } from "lucide-react";
import "$/public/css/editor.css";
import "$/public/css/builder.css";
import { Button, Tool } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { AddDialog, PublishPartDialog } from "$/public/external/lms_app/web/instructor/outline/outline_adding.jsx";
import { AvailabilityDialog, AvailabilityLine } from "$/public/external/lms_app/web/instructor/outline/outline_availability.jsx";
import { useFigures, Views } from "$/public/external/lms_app/web/instructor/outline/outline_figures.jsx";
import { focusDrawn } from "$/public/external/lms_app/web/instructor/outline/outline_focus.jsx";
import { NodeMenu } from "$/public/external/lms_app/web/instructor/outline/outline_menu.jsx";
import { COURSE, HOLDS, changed, counted, indexed, keyOf, matching, moved, placeInWords, placeNow, quoted, stepped, within } from "$/public/external/lms_app/web/instructor/outline/outline_model.jsx";
import { PanelHead, PartPanel, QuizPanel } from "$/public/external/lms_app/web/instructor/outline/outline_panels.jsx";
import { useChosen } from "$/public/external/lms_app/web/instructor/outline/outline_places.jsx";
import { useOutline } from "$/public/external/lms_app/web/instructor/outline/outline_store.jsx";
import { Tree } from "$/public/external/lms_app/web/instructor/outline/outline_tree.jsx";

const PageEditor = lazy(() => import("$/public/external/lms_app/web/instructor/editor/editor_island.jsx").then(({ PageEditor: editor }) => ({ default: editor })));
const UNFOLDED_UP_TO = 80;

export function CourseOutline({ courseId, courseTitle, revision, watching, onPage, onQuiz, onEditor, children }) {
  const { outline, trouble, read, write, hear } = useOutline(courseId, revision);
  const [chosen, choose, figures, showFigures] = useChosen();
  const all = useMemo(() => outline && indexed(outline, courseTitle), [outline, courseTitle]);
  if (!all) return trouble ? h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", null, trouble), h(Button, { onClick: read }, "Try again"))) : h("div", { className: "ly-skeleton", style: { minHeight: 560 } });
  return h(Desk, { key: courseId, courseId, all, trouble, read, write, hear, chosen, choose, revision, figures: { shown: figures, show: showFigures, watching, onPage, onQuiz, onEditor } }, children);
}

function Desk({ courseId, all, trouble, read, write, hear, chosen, choose, revision, figures, children }) {
  const [words, setWords] = useState("");
  const [opened, setOpened] = useOpened(courseId, all);
  const [renaming, setRenaming] = useState(null);
  const [adding, setAdding] = useState(null);
  const [publishing, setPublishing] = useState(null);
  const [opening, setOpening] = useState(null);
  const [menu, setMenu] = useState(null);
  const [notice, setNotice] = useState(null);
  const [toast, setToast] = useState(null);
  const [said, setSaid] = useState("");
  const [task, setTask] = useState(null);
  const navigate = useNavigate();
  const panel = useRef(null);
  const desk = useRef(null);
  const search = useMemo(() => matching(all, words), [all, words]);
  const now = useRef(all);
  now.current = all;

  const say = useCallback((sentence) => setSaid((before) => (before === sentence ? `${sentence} ` : sentence)), []);
  const nodes = (entry, verb) => `/nodes/${entry.kind}/${entry.id}/${verb}`;
  const refuse = (error) => setNotice({ text: error.message });
  const close = useCallback(() => setMenu(null), []);

  const pick = useCallback(
    (key, replace = false) => {
      // An answer may come to whoever has gone to another page meanwhile, and brings nobody back.
      if (key === chosen || !desk.current) return;
      setTask(null);
      choose(key, replace);
    },
    [choose, chosen],
  );

  // Where there is room for one of the two, the focus goes with it.
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current === chosen) return;
    const was = before.current;
    before.current = chosen;
    if (desk.current && getComputedStyle(desk.current).getPropertyValue("--ly-one-column").trim() !== "1") return;
    scrollTo({ top: 0 });
    if (chosen) panel.current?.focus({ preventScroll: true });
    else focusDrawn(() => desk.current?.querySelector(`[data-key="${was}"]`), () => desk.current?.querySelector(".ly-desk-course"));
  }, [chosen]);

  const rename = async (entry, title) => {
    if (entry.kind === "page" && entry.key === chosen) {
      // Its editor holds its title, and may have more to save than that.
      hear((outline) => changed(outline, "page", entry.id, { title }));
      setTask({ title });
      return;
    }
    try {
      await write("PUT", nodes(entry, "title"), { title, seen: entry.title }, (outline) => changed(outline, entry.kind, entry.id, { title }));
      say(`Renamed: ${title}.`);
    } catch (error) {
      if (error.status === 409 && error.told?.theirs)
        setNotice({
          text: `${error.message} Yours is ${quoted(title)}.`,
          acts: [
            ["Use mine", () => rename({ ...entry, title: error.told.theirs }, title)],
            ["Keep theirs", () => {}],
          ],
        });
      else if (error.status === 422 || error.status === 0) setRenaming({ key: entry.key, value: title, seen: entry.title, trouble: error.message });
      else refuse(error);
    }
  };

  const place = async (key, to, undoes = false) => {
    const entry = now.current.get(key);
    const was = placeNow(now.current, key);
    const wording = placeInWords(now.current, key, to);
    try {
      const sent = write("PUT", nodes(entry, "place"), { parent_id: now.current.get(to.parent).id, after_id: to.after ? now.current.get(to.after).id : null }, (outline) => moved(outline, key, to));
      say(`${quoted(entry.title)} is now ${wording}.`);
      await sent;
      if (was.parent !== to.parent && !undoes) setToast({ text: `${quoted(entry.title)} is now in ${quoted(now.current.get(to.parent)?.title ?? "")}.`, undo: () => place(key, was, true), serial: Date.now() });
    } catch (error) {
      say("");
      refuse(error);
    }
  };

  const shift = (entry, step) => {
    const next = stepped(now.current, entry.key, step);
    if (next) place(entry.key, next);
    else say(`${quoted(entry.title)} is the ${step < 0 ? "first" : "last"} already.`);
  };

  const restore = async (entry) => {
    try {
      await write("POST", nodes(entry, "restore"));
      say(`${quoted(entry.title)} is back.`);
      pick(entry.key);
    } catch (error) {
      refuse(error);
    }
  };

  const archive = async (entry) => {
    const row = now.current.get(entry.parent).children;
    const at = row.indexOf(entry.key);
    try {
      await write("POST", nodes(entry, "archive"));
      setToast({ text: `${quoted(entry.title)} is archived. What students did on it is kept.`, undo: () => restore(entry), serial: Date.now() });
      const neighbour = row[at + 1] ?? row[at - 1] ?? (entry.parent === COURSE ? "" : entry.parent);
      if (within(all, chosen, entry.key)) pick(neighbour, true);
    } catch (error) {
      refuse(error);
    }
  };

  const duplicate = async (entry) => {
    try {
      const { made } = await write("POST", nodes(entry, "copy"));
      say(`${quoted(entry.title)} is duplicated. The copy is a draft.`);
      pick(keyOf(entry.kind, made));
    } catch (error) {
      refuse(error);
    }
  };

  const publish = async (entry) => {
    const { pages } = await write("POST", nodes(entry, "publish"));
    setToast({ text: `Published: ${counted(pages ?? 1, "page")}.`, serial: Date.now() });
  };

  const open = async (entry, availability, version) => {
    await write("PUT", nodes(entry, "availability"), { availability }, null, { "If-Match": `"${version}"` });
    setToast({ text: `Availability of ${quoted(entry.title)} saved. What students did is kept.`, serial: Date.now() });
  };

  const add = async ({ kind, key }, title) => {
    const parent = now.current.get(key);
    if (kind === "quiz") {
      pick(key);
      setOpened((keys) => [...new Set([...keys, key])]);
      setTask({ quiz: title });
      return;
    }
    const { made, outline } = await write("POST", "/nodes", { kind, parent_id: parent.id, title });
    const fresh = indexed(outline, "");
    const one = keyOf(kind, made);
    setOpened((keys) => [...new Set([...keys, key, one])]);
    // A new lesson has one page, and that is to be written.
    pick(kind === "lesson" ? (fresh.get(one).children[0] ?? one) : one);
  };

  const openMenu = (entry, x, y) => {
    const inner = HOLDS[entry.kind];
    const items =
      entry.kind === "quiz"
        ? [
            { name: "Edit quiz", icon: Pencil, act: () => navigate(`/teach/quizzes/${entry.id}`) },
            { name: "Availability", icon: Lock, act: () => setOpening(entry) },
          ]
        : [
            { name: "Rename", icon: Pencil, keys: "F2", act: () => setRenaming({ key: entry.key, value: entry.title, seen: entry.title }) },
            { name: `Add ${inner}`, icon: Plus, act: () => setAdding({ kind: inner, key: entry.key }) },
            { name: "Availability", icon: Lock, act: () => setOpening(entry) },
            { name: "Duplicate", icon: CopyPlus, act: () => duplicate(entry) },
            { name: "Move up", icon: ArrowUp, keys: "Alt ↑", disabled: !stepped(all, entry.key, -1), act: () => shift(entry, -1) },
            { name: "Move down", icon: ArrowDown, keys: "Alt ↓", disabled: !stepped(all, entry.key, 1), act: () => shift(entry, 1) },
            ...(entry.kind === "page" ? [] : [{ name: `Publish ${entry.kind}`, icon: Send, disabled: entry.state === "published" || entry.state === "empty", act: () => setPublishing(entry) }]),
            { name: "Archive", icon: Archive, keys: "Del", tone: "bad", act: () => archive(entry) },
          ];
    setMenu({ x, y, items, name: entry.title });
  };

  const acts = { rename, shift, duplicate, archive, askAdd: (kind, key) => setAdding({ kind, key }), askPublish: setPublishing, askAvailability: setOpening };
  const entry = all.get(chosen);
  const folders = [...all.values()].filter((one) => one.children.length && one.kind !== "course").map((one) => one.key);
  const modules = all.get(COURSE).children.length;
  return h(
    "div",
    { ref: desk, className: "ly-desk", "data-open": chosen ? "" : undefined },
    h(
      "section",
      { className: "ly-desk-outline", "aria-label": "Outline" },
      h(
        "div",
        { className: "ly-desk-tools" },
        h("label", { className: "ly-search-box" }, h(Search, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", { className: "ly-sr" }, "Search the outline"), h("input", { type: "search", placeholder: "Search the outline", value: words, maxLength: 200, autoComplete: "off", onChange: (event) => setWords(event.target.value), onKeyDown: (event) => event.key === "Enter" && search?.hits.length && pick(search.hits[0]) })),
        h(Tool, { name: "Unfold all", icon: ChevronsUpDown, onClick: () => setOpened(folders) }),
        h(Tool, { name: "Fold all", icon: ChevronsDownUp, onClick: () => setOpened([]) }),
      ),
      search ? h("p", { className: "ly-caption", role: "status" }, search.hits.length ? `${counted(search.hits.length, "match", "matches")}` : "Nothing is called that. Try fewer or shorter words.") : null,
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      notice ? h(Notice, { notice, close: () => setNotice(null) }) : null,
      h("div", { className: "ly-desk-top" }, h("a", { className: "ly-desk-course", href: "#course", "aria-current": chosen === COURSE || !chosen ? "true" : undefined, onClick: (event) => (event.preventDefault(), pick(COURSE)) }, h(Settings, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, "Course")), h(Button, { size: "s", icon: Plus, onClick: () => setAdding({ kind: "module", key: COURSE }) }, "Add module")),
      modules ? h(Tree, { all, chosen, choose: pick, search, opened, setOpened, renaming, setRenaming, rename, place, archive, openMenu, add: acts.askAdd, say }) : h("div", { className: "ly-empty ly-desk-empty" }, h("p", { className: "ly-strong" }, "No modules yet"), h("p", { className: "ly-second" }, "A course is made of modules, a module of lessons, a lesson of pages.")),
      modules ? h("p", { className: "ly-caption ly-desk-foot" }, "Drag to move, or Alt with ↑ and ↓. F2 renames.") : null,
    ),
    h(
      "section",
      { ref: panel, tabIndex: -1, className: "ly-desk-panel", "aria-label": entry ? entry.title : "Course" },
      h("div", { className: "ly-desk-back" }, h(Button, { kind: "ghost", size: "s", icon: ArrowLeft, onClick: () => pick("") }, "Outline")),
      h(Panel, { all, chosen, entry, acts, choose: pick, restore, hear, task, onTasked: () => setTask(null), revision, figures, children }),
    ),
    h("p", { className: "ly-sr", role: "status" }, said),
    h(NodeMenu, { menu, close }),
    adding ? h(AddDialog, { kind: adding.kind, within: adding.kind === "module" ? "" : all.get(adding.key)?.title, close: () => setAdding(null), add: (title) => add(adding, title) }) : null,
    publishing && all.has(publishing.key) ? h(PublishPartDialog, { all, entry: all.get(publishing.key), close: () => setPublishing(null), publish: () => publish(publishing) }) : null,
    opening && all.has(opening.key) ? h(AvailabilityDialog, { key: opening.key, all, entry: all.get(opening.key), address: `/v/courses/${courseId}/outline${nodes(opening, "availability")}`, save: (availability, version) => open(opening, availability, version), close: () => setOpening(null) }) : null,
    h("div", { className: "ly-toasts", role: "status", "aria-live": "polite" }, toast ? h(Toast, { key: toast.serial, toast, close: () => setToast(null) }) : null),
  );
}

function Panel({ all, chosen, entry, acts, choose, restore, hear, task, onTasked, revision, figures, children }) {
  const known = useRef(null);
  // What stands here of the course itself, and the figures of a page or quiz, which are fetched when they are first shown.
  const [about, drawn] = Children.toArray(children);
  useFigures(figures, entry);
  if (entry) known.current = entry;
  // A page that somebody took out of the course stays open under the hands of who writes on it.
  const lost = !entry && known.current?.key === chosen ? known.current : null;
  if (!chosen || chosen === COURSE) return h("div", { className: "ly-desk-part" }, about);
  if (!entry && !lost) return h("div", { className: "ly-callout", "data-tone": "warn", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, "This is not in the course"), h("p", null, "It was archived, or belongs elsewhere. "), h(Button, { size: "s", onClick: () => choose("") }, "Back to the course")));
  const one = entry ?? lost;
  const gone = lost ? h("div", { className: "ly-callout", "data-tone": "warn", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, `Somebody archived this ${one.kind}`), h("p", null, "What you write is kept. "), h(Button, { size: "s", onClick: () => restore(one) }, "Bring it back"))) : null;
  if (one.kind === "page")
    return h(
      "div",
      { className: "ly-desk-part" },
      gone,
      lost ? null : h(PanelHead, { all, entry: one, acts }),
      h(
        Views,
        { entry: one, figures, drawn },
        h(Suspense, { fallback: h("div", { className: "ly-skeleton", style: { minHeight: 560 } }) }, h(PageEditor, { key: one.key, pageId: one.id, task, onTasked, moved: revision, settings: lost ? null : h(AvailabilityLine, { entry: one, change: acts.askAvailability }), onSaved: ({ title, state }) => hear((outline) => changed(outline, "page", one.id, { title, state })) })),
      ),
    );
  if (lost) return gone;
  if (one.kind === "quiz") return h("div", { className: "ly-desk-part" }, h(PanelHead, { all, entry: one, acts: {} }), h(Views, { entry: one, figures, drawn }, h(QuizPanel, { all, entry: one, acts, choose })));
  return h(PartPanel, { all, entry: one, acts, choose });
}

function Notice({ notice, close }) {
  return h(
    "div",
    { className: "ly-callout", "data-tone": "warn", role: "alert" },
    h(
      "div",
      { className: "ly-stack", "data-gap": "8" },
      h("p", null, notice.text),
      h("div", { className: "ly-line", "data-wrap": "" }, (notice.acts ?? [["Dismiss", () => {}]]).map(([name, act]) => h(Button, { key: name, size: "s", onClick: () => (close(), act()) }, name))),
    ),
  );
}

function Toast({ toast, close }) {
  return h(
    "div",
    { className: "ly-toast ly-keep-time", "data-tone": "ok", onAnimationEnd: (event) => event.animationName === "ly-toast-leaves" && close() },
    h("p", null, toast.text),
    toast.undo ? h("button", { type: "button", className: "ly-link", onClick: () => (close(), toast.undo()) }, "Undo") : null,
    h("button", { type: "button", className: "ly-button", "data-kind": "ghost", "data-size": "s", "data-icon-only": "", "aria-label": "Dismiss", onClick: close }, h(X, { size: 16, className: "ly-icon", "aria-hidden": true })),
  );
}

// What is unfolded, kept for as long as the tab is open. A small course opens whole.
function useOpened(courseId, all) {
  const name = `lyceum:unfolded:${courseId}`;
  const [opened, setOpened] = useState(() => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(name));
      if (Array.isArray(kept)) return kept.filter((key) => all.has(key));
    } catch {
      // Nothing is kept in this browser.
    }
    const parts = [...all.values()].filter((entry) => entry.children.length && (entry.kind === "module" || entry.kind === "lesson"));
    return all.size <= UNFOLDED_UP_TO ? parts.map((entry) => entry.key) : [];
  });
  useEffect(() => {
    try {
      sessionStorage.setItem(name, JSON.stringify(opened));
    } catch {
      // It opens folded next time.
    }
  }, [name, opened]);
  return [opened, setOpened];
}
