// Putting things in order: dragged by pointer or finger, moved by the arrow buttons, or by keys (Space lifts, arrows move).
import { createElement as h } from "react";
import { closestCenter, DndContext, KeyboardSensor, PointerSensor, useSensor, useSensors } from "@dnd-kit/core";
import { arrayMove, SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Button, Html, Sign } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

export default function Ordering({ question, response, told, locked, set }) {
  const items = question.extras.items;
  const known = new Map(items.map((item) => [item.id, item]));
  const given = (response?.order ?? []).filter((id) => known.has(id));
  const order = [...given, ...items.map((item) => item.id).filter((id) => !given.includes(id))];
  const parts = new Map((told?.parts ?? []).map((part) => [part.id, part]));
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }), useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }));
  const move = (id, to) => to >= 0 && to < order.length && set({ order: arrayMove(order, order.indexOf(id), to) });
  const said = (id) => wordsOf(known.get(id).html);
  const announcements = {
    onDragStart: ({ active }) => `Lifted ${said(active.id)}, place ${order.indexOf(active.id) + 1} of ${order.length}.`,
    onDragOver: ({ active, over }) => (over ? `${said(active.id)} is over place ${order.indexOf(over.id) + 1} of ${order.length}.` : ""),
    onDragEnd: ({ active, over }) => (over ? `${said(active.id)} is at place ${order.indexOf(over.id) + 1} of ${order.length}.` : `${said(active.id)} is back at its place.`),
    onDragCancel: ({ active }) => `${said(active.id)} is back at its place.`,
  };
  return h(
    "div",
    { className: "ly-ordering" },
    h(
      DndContext,
      { sensors, collisionDetection: closestCenter, accessibility: { announcements }, onDragEnd: ({ active, over }) => over && active.id !== over.id && move(active.id, order.indexOf(over.id)) },
      h(
        SortableContext,
        { items: order, strategy: verticalListSortingStrategy, disabled: locked },
        h("ol", { className: "ly-order", "aria-label": "Put these in order" }, order.map((id, place) => h(Item, { key: id, item: known.get(id), place, count: order.length, part: parts.get(id), locked, up: () => move(id, place - 1), down: () => move(id, place + 1) }))),
      ),
    ),
    given.length === 0 && !locked ? h("p", { className: "ly-question-hint" }, "Nothing is answered until you move something. ", h(Button, { kind: "ghost", size: "s", onClick: () => set({ order }) }, "Keep this order")) : null,
  );
}

function Item({ item, place, count, part, locked, up, down }) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({ id: item.id });
  const words = wordsOf(item.html);
  return h(
    "li",
    { ref: setNodeRef, className: "ly-order-item", "data-lifted": isDragging ? "" : undefined, "data-outcome": part?.outcome, style: { transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition } },
    h("button", { ...attributes, ...listeners, ref: setActivatorNodeRef, type: "button", className: "ly-order-grip", disabled: locked, "aria-label": `Move ${words}` }, h("span", { className: "ly-nums", "aria-hidden": "true" }, place + 1), h(Sign, { path: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01" })),
    h(Html, { className: "ly-choice-text", html: item.html }),
    locked
      ? null
      : h(
          "span",
          { className: "ly-order-moves" },
          h("button", { type: "button", className: "ly-button", "data-kind": "ghost", "data-icon-only": "", "data-size": "s", disabled: place === 0, "aria-label": `Move ${words} up`, onClick: up }, h(Sign, { path: "M6 15l6-6 6 6" })),
          h("button", { type: "button", className: "ly-button", "data-kind": "ghost", "data-icon-only": "", "data-size": "s", disabled: place === count - 1, "aria-label": `Move ${words} down`, onClick: down }, h(Sign, { path: "M6 9l6 6 6-6" })),
        ),
  );
}

function wordsOf(html) {
  const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}
