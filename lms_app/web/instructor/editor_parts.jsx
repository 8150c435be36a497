// Small parts of the editor: buttons, fields, dialogs, and requests whose refusals are sentences.
import { createElement as h, useCallback, useEffect, useId, useRef, useState } from "react";
import { X } from "lucide-react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export function Button({ kind = "default", size = "m", busy = false, disabled = false, icon: Icon, children, ...props }) {
  return h(
    "button",
    { type: "button", className: "ly-button", "data-kind": kind, "data-size": size, "aria-busy": busy ? "true" : undefined, disabled: disabled || busy, ...props },
    Icon ? h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }) : null,
    h("span", null, children),
  );
}

export function Tool({ name, icon: Icon, pressed, keys, ...props }) {
  return h(
    "button",
    { type: "button", className: "ly-editor-tool", "aria-label": name, title: keys ? `${name} (${keys})` : name, "aria-pressed": pressed === undefined ? undefined : pressed ? "true" : "false", onMouseDown: (event) => event.preventDefault(), ...props },
    h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }),
  );
}

export function Html({ html, as = "div", ...props }) {
  return h(as, { ...props, dangerouslySetInnerHTML: { __html: html } });
}

export function Field({ label, help, area = false, ...props }) {
  const id = useId();
  return h(
    "div",
    { className: "ly-field" },
    h("label", { className: "ly-label", htmlFor: id }, label),
    h(area ? "textarea" : "input", { id, className: "ly-input", autoComplete: "off", ...props }),
    help ? h("p", { className: "ly-help" }, help) : null,
  );
}

// A title that is written where it stands: as many lines as it takes, and no line breaks of its own.
export function TitleField({ onChange, onEnter, onKeyDown, ...props }) {
  const press = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      onEnter?.(event);
    }
    onKeyDown?.(event);
  };
  return h("textarea", { rows: 1, maxLength: 200, autoComplete: "off", ...props, onKeyDown: press, onChange: (event) => onChange(event.target.value.replace(/\s*\n\s*/g, " ")) });
}

// A modal dialog that is open for as long as it is drawn.
export function Dialog({ title, close, wide = false, children, ...props }) {
  const dialog = useRef(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return h("dialog", { ref: dialog, className: "ly-dialog", "data-wide": wide ? "" : undefined, onClose: close, "aria-labelledby": id, ...props }, h("h2", { id }, title), children);
}

// `[line, tell]`: where sentences are told, and what tells them. Words leave after six seconds, longer under the pointer; an Error stays until it is
// dismissed, and what `lasts` until something else is told.
export function useNotice() {
  const [told, setTold] = useState({ text: "", kind: "", serial: 0 });
  const tell = useCallback((what) => {
    const [text, kind] = typeof what === "string" ? [what, "passing"] : what instanceof Error ? [what.message, "refused"] : [what.text, "lasting"];
    setTold((before) => ({ text, kind, serial: kind === "lasting" && before.kind === kind ? before.serial : before.serial + 1 }));
  }, []);
  const line = h(
    "div",
    { className: "ly-editor-notices", role: "status" },
    told.text
      ? h(
          "div",
          { key: told.serial, className: "ly-editor-notice ly-keep-time", "data-kind": told.kind, onAnimationEnd: (event) => event.animationName === "ly-toast-leaves" && tell("") },
          h("p", null, told.text),
          told.kind === "refused" ? h(Tool, { name: "Dismiss", icon: X, onClick: () => tell("") }) : null,
        )
      : null,
  );
  return [line, tell];
}

// What a dialog does when its button is pressed: `run` it once, and say why it was refused.
export function useAct(act) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const run = async (event) => {
    event?.preventDefault();
    setBusy(true);
    setTrouble("");
    try {
      await act();
    } catch (error) {
      setTrouble(error.message);
      setBusy(false);
    }
  };
  return { run, busy, trouble };
}

export async function ask(method, address, body, headers = {}, options = {}) {
  let reply;
  try {
    reply = await send(address, { method, headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...headers }, body: body ? JSON.stringify(body) : undefined, ...options });
  } catch {
    throw refusal("There is no connection. Try again when you are back.", 0);
  }
  const told = await reply.json().catch(() => ({}));
  if (!reply.ok) throw refusal([told.title ?? "That did not work. Try again.", ...Object.values(told.fields ?? {})].join(" "), reply.status, told);
  return told;
}

function refusal(sentence, status, told = {}) {
  return Object.assign(new Error(sentence), { status, told });
}

export function clockTime(iso) {
  return new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function dayAndTime(iso) {
  return new Date(iso).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
