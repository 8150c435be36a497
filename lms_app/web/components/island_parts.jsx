// What islands share: buttons, fields, dialogs, and requests whose refusals are sentences.
import { createElement as h, useEffect, useId, useRef, useState } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export function Button({ kind = "default", size = "m", busy = false, disabled = false, icon: Icon, children, ...props }) {
  return h(
    "button",
    { type: "button", className: "ly-button", "data-kind": kind, "data-size": size, "aria-busy": busy ? "true" : undefined, disabled: disabled || busy, ...props },
    Icon ? h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }) : null,
    h("span", null, children),
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
