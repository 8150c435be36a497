// The gradebook: a toolbar, the grid (on a phone one student at a time), and the grade in hand.
import { createElement as h, useCallback, useEffect, useState } from "react";
import Grid from "$/public/external/lms_app/web/instructor/gradebook/gradebook_grid.jsx";
import Import from "$/public/external/lms_app/web/instructor/gradebook/gradebook_import.jsx";
import OneStudent from "$/public/external/lms_app/web/instructor/gradebook/gradebook_one.jsx";
import Panel, { Button } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_panel.jsx";
import { meaning, useGradebook } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_store.jsx";

const PHONE = "(max-width: 640px)";

function usePhone() {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const watched = matchMedia(PHONE);
    const turn = () => setPhone(watched.matches);
    watched.addEventListener("change", turn);
    return () => watched.removeEventListener("change", turn);
  }, []);
  return phone;
}

export function GradebookIsland({ courseId, revision }) {
  const [imported, setImported] = useState(0);
  const book = useGradebook(courseId, `${revision}:${imported}`);
  const phone = usePhone();
  const [active, setActive] = useState(null);
  const [row, setRow] = useState(0);
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(null);
  const [said, setSaid] = useState("");

  useEffect(() => {
    setActive(null);
    setRow(0);
    setOpened(false);
  }, [book.search]);

  const { save, person: personAt, head } = book;
  const commit = useCallback(
    async (place, text) => {
      const person = personAt(place.row);
      const given = meaning(text);
      const answer = await save(person, place.column, place.version, given);
      if (answer.ok) return;
      setActive({ row: place.row, column: place.column });
      setOpened(true);
      const of = `${person.id}/${head.columns[place.column].id}`;
      if (answer.status === 409 && answer.told.theirs) setDraft({ of, conflict: { theirs: answer.told.theirs, given } });
      else setDraft({ of, points: text, errors: answer.told.fields ?? { points: answer.told.title } });
    },
    [save, personAt, head],
  );

  if (!head) {
    return h(
      "div",
      { className: "ly-gb-empty", role: book.trouble ? "alert" : "status" },
      book.trouble ? h("p", null, book.trouble, " ", h(Button, { onClick: book.retry }, "Try again")) : h("span", { className: "ly-sr" }, "Loading grades"),
    );
  }
  const person = active && personAt(active.row);
  const open = () => setOpened(true);
  const status = book.busy ? "Saving…" : said || (book.savedAt ? `Saved ${book.savedAt}` : "");
  return h(
    "div",
    { className: "ly-gb-all" },
    h(
      "div",
      { className: "ly-gb-tools" },
      h(
        "label",
        { className: "ly-search-box" },
        h("svg", { viewBox: "0 0 24 24", width: 16, height: 16, fill: "none", stroke: "currentColor", strokeWidth: 2, strokeLinecap: "round", className: "ly-icon", "aria-hidden": "true" }, h("path", { d: "m21 21-4.3-4.3M19 11a8 8 0 1 1-16 0 8 8 0 0 1 16 0" })),
        h("span", { className: "ly-sr" }, "Search students"),
        h("input", { type: "search", placeholder: "Search students", maxLength: 200, autoComplete: "off", enterKeyHint: "search", value: book.search, onChange: (event) => book.setSearch(event.target.value) }),
      ),
      h("span", { className: "ly-caption ly-nums", role: "status" }, status),
      h("span", { className: "ly-gb-gap" }),
      phone ? null : h(Button, { disabled: !person, onClick: () => setOpened(!opened), "aria-pressed": opened ? "true" : "false" }, "Details"),
      h(Download, { href: `${book.base}/table.csv` }, "Export CSV"),
      h(Download, { href: `${book.base}/table.xlsx` }, "Export Excel"),
      head.may_grade
        ? h(Import, {
            book,
            done: (many) => {
              setImported((times) => times + 1);
              setSaid(`Imported ${many} ${many === 1 ? "grade" : "grades"}`);
              setTimeout(() => setSaid(""), 6000);
            },
          })
        : null,
    ),
    book.trouble ? h("p", { className: "ly-error", role: "alert" }, book.trouble, " ", h(Button, { onClick: book.retry }, "Try again")) : null,
    (book.count ?? head.students) === 0
      ? h("p", { className: "ly-gb-empty" }, book.search ? "Nobody has that name. Try fewer or shorter words." : "Nobody takes this course yet. Grades appear here as students hand in.")
      : head.columns.length === 0
        ? h("p", { className: "ly-gb-empty" }, "Nothing is graded yet. Publish a quiz that counts, or add a column in the setup.")
        : h(
            "div",
            { className: "ly-gb-work", "data-open": opened && person ? "" : undefined },
            phone
              ? h(OneStudent, {
                  book,
                  row,
                  setRow,
                  choose: (place) => {
                    setActive(place);
                    open();
                  },
                })
              : h(Grid, { book, active, setActive, commit, open }),
            opened && person ? h(Panel, { book, person, place: active.column, draft, setDraft, close: () => setOpened(false) }) : null,
          ),
    phone
      ? null
      : h("p", { className: "ly-caption" }, "Arrows move, Enter or typing writes, Esc leaves it as it was, Delete gives a grade back, EX excuses, Shift and Enter shows why."),
  );
}

function Download({ href, children }) {
  return h("a", { className: "ly-button", "data-kind": "ghost", "data-size": "s", href, download: true }, h("span", null, children));
}
