// Where people write to one another: a text that is kept on this device until it is sent, with the names of those who can be mentioned.
import { createElement as h, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Button, useAct } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";

const KEPT = "lyceum:talk:";
const OFFERED = 6;

// What was being written under this name, and a way to keep it. A store that is forbidden keeps it as long as the page is open.
export function useKept(name, start) {
  const [held, setHeld] = useState(() => read(name) ?? start);
  const keep = (next) => {
    setHeld(next);
    try {
      if (Object.values(next).some((value) => value)) localStorage.setItem(KEPT + name, JSON.stringify(next));
      else localStorage.removeItem(KEPT + name);
    } catch {
      // It stays in the page.
    }
  };
  const drop = () => {
    setHeld(start);
    try {
      localStorage.removeItem(KEPT + name);
    } catch {
      // There was nothing.
    }
  };
  return [held, keep, drop];
}

export function hasKept(name) {
  return read(name) !== null;
}

function read(name) {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT + name));
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

// A form with a title, where one is asked for, and a text. `submit({title, text})` sends it; what it throws is said, and nothing is lost.
export function Writing({ name, start = { text: "" }, titled = false, label, verb, people = [], note = "", before = null, autoFocus = false, submit, cancel }) {
  const [held, keep, drop] = useKept(name, titled ? { title: "", ...start } : start);
  const send = useAct(async () => {
    await submit(held);
    drop();
  });
  const ids = useId();
  const empty = !held.text.trim() || (titled && !held.title.trim());
  const press = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !empty) send.run(event);
  };
  return h(
    "form",
    { className: "ly-writing", onSubmit: send.run, onKeyDown: press, "aria-label": titled ? label : undefined },
    before,
    titled
      ? h(
          "div",
          { className: "ly-field" },
          h("label", { className: "ly-label", htmlFor: `${ids}-title` }, "Title"),
          h("input", { id: `${ids}-title`, className: "ly-input", value: held.title, maxLength: 150, autoComplete: "off", autoFocus, onChange: (event) => keep({ ...held, title: event.target.value }) }),
        )
      : null,
    h(
      "div",
      { className: "ly-field" },
      h("label", { className: titled ? "ly-label" : "ly-sr", htmlFor: `${ids}-text` }, titled ? "Text" : label),
      h(MentioningText, { id: `${ids}-text`, value: held.text, people, autoFocus: autoFocus && !titled, placeholder: titled ? "" : label, describedBy: `${ids}-help`, onChange: (text) => keep({ ...held, text }) }),
      h("p", { className: "ly-help", id: `${ids}-help` }, ["Markdown works: **bold**, `code`, lists.", people.length ? "Type @ to mention somebody." : "", note].filter(Boolean).join(" ")),
    ),
    send.trouble ? h("p", { className: "ly-error", role: "alert" }, send.trouble) : null,
    h(
      "div",
      { className: "ly-writing-acts" },
      cancel ? h(Button, { kind: "ghost", onClick: () => (drop(), cancel()) }, "Cancel") : null,
      h(Button, { type: "submit", kind: "primary", busy: send.busy, disabled: empty }, verb),
    ),
  );
}

// A text that grows with what is written. After an @ it offers names; arrow keys choose, Enter or Tab takes, Escape leaves it.
function MentioningText({ id, value, people, autoFocus, placeholder, describedBy, onChange }) {
  const box = useRef(null);
  const [sought, setSought] = useState(null);
  const [at, setAt] = useState(0);
  const list = useId();
  const offers = sought === null ? [] : people.filter((person) => startsWith(person, sought.words)).slice(0, OFFERED);
  const open = offers.length > 0;

  useLayoutEffect(() => {
    const element = box.current;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [value]);
  useEffect(() => {
    setAt(0);
  }, [sought?.words]);

  const look = () => {
    const element = box.current;
    const before = element.value.slice(0, element.selectionStart);
    const found = /(^|[\s(])@([^@\n]{0,40})$/u.exec(before);
    setSought(found ? { words: found[2], from: before.length - found[2].length } : null);
  };
  const take = (person) => {
    const element = box.current;
    const next = `${value.slice(0, sought.from)}${person} ${value.slice(element.selectionStart)}`;
    const caret = sought.from + person.length + 1;
    onChange(next);
    setSought(null);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(caret, caret);
    });
  };
  const press = (event) => {
    if (!open || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((now) => (now + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      take(offers[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setSought(null);
    }
  };
  return h(
    "div",
    { className: "ly-mentioning" },
    h("textarea", {
      ref: box,
      id,
      className: "ly-input",
      rows: 3,
      maxLength: 10_000,
      value,
      autoFocus,
      placeholder,
      "aria-describedby": describedBy,
      "aria-controls": open ? list : undefined,
      "aria-activedescendant": open ? `${list}-${at}` : undefined,
      onChange: (event) => (onChange(event.target.value), look()),
      onKeyDown: press,
      onKeyUp: (event) => event.key.startsWith("Arrow") && !open && look(),
      onClick: look,
      onBlur: () => setTimeout(() => setSought(null), 150),
    }),
    open
      ? h(
          "ul",
          { id: list, role: "listbox", "aria-label": "People", className: "ly-menu ly-mentions" },
          offers.map((person, number) => h("li", { key: person, id: `${list}-${number}`, role: "option", "aria-selected": number === at ? "true" : "false", className: "ly-menu-item", onMouseDown: (event) => (event.preventDefault(), take(person)) }, person)),
        )
      : null,
    h("span", { className: "ly-sr", role: "status" }, open ? `${offers.length} ${offers.length === 1 ? "person" : "people"}: ${offers[at]}` : ""),
  );
}

function startsWith(person, words) {
  const sought = words.toLocaleLowerCase();
  const name = person.toLocaleLowerCase();
  return name !== sought && (name.startsWith(sought) || name.split(/\s+/).some((part) => part.startsWith(sought)));
}
