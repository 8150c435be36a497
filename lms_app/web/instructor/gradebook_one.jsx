// A phone's way through a gradebook: one student at a time, every column a row.
import { createElement as h, useEffect } from "react";
import { Button } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_panel.jsx";
import { sayCell } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_store.jsx";

export default function OneStudent({ book, row, setRow, choose }) {
  const columns = book.head.columns;
  const count = book.count ?? book.head.students;
  const at = Math.min(row, Math.max(0, count - 1));
  const person = book.person(at);
  useEffect(() => {
    book.want([at, at], [0, Math.max(0, columns.length - 1)]);
  }, [book.want, at, columns.length]);
  return h(
    "div",
    { className: "ly-gb-one" },
    h(
      "div",
      { className: "ly-line", "data-between": "" },
      h(Button, { disabled: at === 0, onClick: () => setRow(at - 1), "aria-label": "Previous student" }, "Previous"),
      h("span", { className: "ly-caption ly-nums" }, `${count ? at + 1 : 0} of ${count}`),
      h(Button, { disabled: at >= count - 1, onClick: () => setRow(at + 1), "aria-label": "Next student" }, "Next"),
    ),
    h("h2", { className: "ly-section-title", "aria-live": "polite" }, person?.name ?? "Loading"),
    h("p", { className: "ly-second ly-nums" }, person ? `Total: ${person.total.text || "nothing yet"}` : "…"),
    h(
      "ul",
      { className: "ly-rows" },
      columns.map((column, place) => {
        const cell = book.cell(person, place);
        return h(
          "li",
          { key: column.id },
          h(
            "button",
            { type: "button", className: "ly-gb-line", disabled: !person, "aria-label": `${column.title}: ${sayCell(cell, column)}`, onClick: () => choose({ row: at, column: place }) },
            h("span", null, column.title),
            h("span", { className: "ly-nums", "data-state": cell?.state }, cell ? cell.text || "—" : "…", cell && (!cell.text || cell.points) ? h("small", null, ` of ${column.points}`) : null),
          ),
        );
      }),
    ),
  );
}
