// Small parts of the editor, beside those that all islands share.
import { createElement as h, useCallback, useState } from "react";
import { X } from "lucide-react";

export { Button, Dialog, Field, Html, ask, useAct } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";

export function Tool({ name, icon: Icon, pressed, keys, ...props }) {
  return h(
    "button",
    { type: "button", className: "ly-editor-tool", "aria-label": name, title: keys ? `${name} (${keys})` : name, "aria-pressed": pressed === undefined ? undefined : pressed ? "true" : "false", onMouseDown: (event) => event.preventDefault(), ...props },
    h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }),
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

export function clockTime(iso) {
  return new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function dayAndTime(iso) {
  return new Date(iso).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
