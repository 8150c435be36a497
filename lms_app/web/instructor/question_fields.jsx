// Fields of the question editor. What the server says of a field stands below it, once its author has been there or wants to publish.
import { createContext, createElement as h, useContext, useId } from "react";
import { CircleAlert } from "lucide-react";

// `{ problems, shown(name) }`
export const Problems = createContext({ problems: {}, shown: () => false });

export function useTrouble(name) {
  const { problems, shown } = useContext(Problems);
  return name && problems[name] && shown(name) ? problems[name] : "";
}

export function Trouble({ said, id }) {
  return said ? h("p", { className: "ly-error", id }, h(CircleAlert, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, said)) : null;
}

export function Text({ label, name, value, onChange, help, optional = false, narrow = false, area = false, ...props }) {
  const id = useId();
  const said = useTrouble(name);
  return h(
    "div",
    { className: "ly-field", "data-field": name, "data-narrow": narrow ? "" : undefined },
    h("label", { className: "ly-label", htmlFor: id }, label, optional ? h("small", null, "optional") : null),
    h(area ? "textarea" : "input", { id, className: "ly-input", autoComplete: "off", value: value ?? "", "aria-invalid": said ? "true" : undefined, "aria-describedby": described(id, said, help), onChange: (event) => onChange(event.target.value), ...props }),
    help ? h("p", { className: "ly-help", id: `${id}-help` }, help) : null,
    h(Trouble, { said, id: `${id}-error` }),
  );
}

export function Choose({ label, name, value, onChange, options, help, ...props }) {
  const id = useId();
  const said = useTrouble(name);
  return h(
    "div",
    { className: "ly-field", "data-field": name },
    h("label", { className: "ly-label", htmlFor: id }, label),
    h("select", { id, className: "ly-input", value: value ?? "", "aria-invalid": said ? "true" : undefined, "aria-describedby": described(id, said, help), onChange: (event) => onChange(event.target.value), ...props }, options.map(([key, words]) => h("option", { key, value: key }, words))),
    help ? h("p", { className: "ly-help", id: `${id}-help` }, help) : null,
    h(Trouble, { said, id: `${id}-error` }),
  );
}

// What is read out with a field: its trouble, else its help.
export const described = (id, said, help) => (said ? `${id}-error` : help ? `${id}-help` : undefined);

export function Tick({ label, value, onChange, ...props }) {
  return h("label", { className: "ly-check" }, h("input", { type: "checkbox", checked: Boolean(value), onChange: (event) => onChange(event.target.checked), ...props }), h("span", null, label));
}

export function Line({ children }) {
  return h("div", { className: "ly-question-line" }, children);
}
