// Rows of a question, put in order by the pointer or by keys: Space lifts a row at its grip, arrows move it.
import { createElement as h, useRef } from "react";
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors } from "@dnd-kit/core";
import { SortableContext, arrayMove, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { GripVertical, Plus, Trash2 } from "lucide-react";
import { Button, Tool } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Trouble, useTrouble } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { row } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";

// `draw(entry, at, alter)` is what a row shows; `called(entry, at)` its name in words; `fresh()` a new one.
export function Rows({ label, name, rows, change, draw, called, fresh, add, help, most = 100, fixed = false }) {
  const said = useTrouble(name);
  const whole = useRef(null);
  const list = useRef(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }));
  const keys = rows.map((entry) => entry._k);
  const alter = (key) => (fields) => change((before) => before.map((entry) => (entry._k === key ? { ...entry, ...fields } : entry)));
  const placed = ({ active, over }) => {
    if (over && active.id !== over.id) change((before) => arrayMove(before, before.findIndex((entry) => entry._k === active.id), before.findIndex((entry) => entry._k === over.id)));
  };
  const words = (id) => called(rows[keys.indexOf(id)], keys.indexOf(id));
  const announcements = {
    onDragStart: ({ active }) => `Lifted ${words(active.id)}, place ${keys.indexOf(active.id) + 1} of ${keys.length}.`,
    onDragOver: ({ active, over }) => (over ? `${words(active.id)} is over place ${keys.indexOf(over.id) + 1} of ${keys.length}.` : ""),
    onDragEnd: ({ active, over }) => (over ? `${words(active.id)} is at place ${keys.indexOf(over.id) + 1} of ${keys.length}.` : `${words(active.id)} is back at its place.`),
    onDragCancel: ({ active }) => `${words(active.id)} is back at its place.`,
  };
  const append = () => {
    change((before) => [...before, row(fresh())]);
    setTimeout(() => list.current?.lastElementChild?.querySelector("[contenteditable=true], input:not([type=checkbox]), textarea")?.focus(), 60);
  };
  // The focus goes on to the row that takes the place, or to the one before.
  const remove = (key) => {
    const at = keys.indexOf(key);
    change((before) => before.filter(({ _k }) => _k !== key));
    setTimeout(() => (list.current?.children[Math.min(at, keys.length - 2)]?.querySelector(":scope > .ly-editor-tool") ?? whole.current?.querySelector(":scope > div > button"))?.focus(), 60);
  };
  return h(
    "fieldset",
    { className: "ly-entries", "data-field": name, ref: whole },
    h("legend", { className: "ly-label" }, label),
    help ? h("p", { className: "ly-help" }, help) : null,
    h(
      DndContext,
      { sensors, collisionDetection: closestCenter, accessibility: { announcements }, onDragEnd: placed },
      h(
        SortableContext,
        { items: keys, strategy: verticalListSortingStrategy, disabled: fixed },
        h(
          "ol",
          { className: "ly-question-list", ref: list },
          rows.map((entry, at) => h(Entry, { key: entry._k, entry, called: called(entry, at), fixed, remove: () => remove(entry._k) }, draw(entry, at, alter(entry._k)))),
        ),
      ),
    ),
    h(Trouble, { said }),
    rows.length < most && fresh ? h("div", null, h(Button, { size: "s", icon: Plus, onClick: append }, add)) : null,
  );
}

function Entry({ entry, called, fixed, remove, children }) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: entry._k });
  return h(
    "li",
    { ref: setNodeRef, className: "ly-question-entry", "data-lifted": isDragging ? "" : undefined, style: { transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition } },
    fixed ? null : h("button", { ...attributes, ...listeners, ref: setActivatorNodeRef, type: "button", className: "ly-question-grip", "aria-label": `Move ${called}` }, h(GripVertical, { size: 16, className: "ly-icon", "aria-hidden": true })),
    h("div", { className: "ly-question-entry-body" }, children),
    h(Tool, { name: `Remove ${called}`, icon: Trash2, onClick: remove }),
  );
}
