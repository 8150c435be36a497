// Forms with a password or a mailed secret. They post to our own routes, which hash off the event loop and set the cookie that no script can read.
import { createElement as h, useEffect, useRef, useState } from "react";
import { noteRenewal, send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export function PostFormIsland({ action, fields, verb, outcome, withSecret, withZone, withInvitation, prefix, kind }) {
  const [errors, setErrors] = useState({});
  const [trouble, setTrouble] = useState("");
  const [said, setSaid] = useState(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState({});
  const form = useRef(null);
  const post = outcome === "enter" ? plainly : send;

  const submit = async (event) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setTrouble("");
    const given = {};
    for (const field of fields) {
      const element = form.current?.elements[field.name];
      given[field.name] = field.type === "checkbox" ? Boolean(element?.checked) : (element?.value ?? "");
    }
    if (withSecret) given.secret = location.hash.slice(1);
    if (withInvitation) given.invitation = new URLSearchParams(location.search).get("invitation") ?? "";
    if (withZone) given.time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
    try {
      const reply = await post(action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) });
      const answer = await reply.json();
      if (reply.ok) {
        setErrors({});
        // A full load: the socket of this page was opened without the cookie.
        if (outcome === "enter") {
          noteRenewal();
          return location.assign(next() ?? answer.next);
        }
        setSaid(answer);
      } else {
        setErrors(answer.fields ?? {});
        setTrouble(answer.title ?? "That did not work. Try again.");
        const first = fields.find((field) => answer.fields?.[field.name]);
        form.current?.elements[first?.name]?.focus();
      }
    } catch {
      setTrouble("Lyceum does not answer. Check your connection and try again.");
    }
    setBusy(false);
  };

  useEffect(() => {
    if (withSecret && location.hash.length < 11) {
      setTrouble("This link is not whole. Open it from the mail again, or copy all of it.");
    }
  }, []);

  if (said) return h("div", { className: "ly-stack", "data-gap": "16", role: "status" }, h("p", { className: "ly-strong" }, said.sentence), said.mailbox ? h("p", null, h("a", { className: "ly-link", href: said.mailbox }, "Open the mailbox of this demo")) : null);
  return h(
    "form",
    { ref: form, className: "ly-form", noValidate: true, onSubmit: submit, "aria-busy": busy },
    fields.map((field) => h(Field, { key: field.name, field, prefix, error: errors[field.name], shown: shown[field.name], show: () => setShown((all) => ({ ...all, [field.name]: !all[field.name] })) })),
    trouble && !Object.keys(errors).length ? h("p", { className: "ly-error", role: "alert" }, trouble) : h("p", { className: "ly-sr", role: "alert" }, trouble),
    h("div", null, h("button", { type: "submit", className: "ly-button", "data-kind": kind, ...(kind === "primary" ? { "data-size": "l", "data-wide": "" } : {}), "aria-busy": busy ? "true" : undefined }, h("span", null, verb))),
  );
}

function Field({ field, prefix, error, shown, show }) {
  const id = `${prefix}-${field.name}`;
  const described = [field.help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  if (field.type === "checkbox") {
    return h("label", { className: "ly-check" }, h("input", { type: "checkbox", id, name: field.name }), h("span", null, field.label, field.help ? h("small", null, field.help) : null));
  }
  const password = field.type === "password";
  return h(
    "div",
    { className: "ly-field" },
    h("label", { htmlFor: id, className: "ly-label" }, field.label),
    h(
      "div",
      { className: password ? "ly-input-wrap" : undefined },
      h("input", { id, name: field.name, className: "ly-input", type: password && shown ? "text" : field.type, autoComplete: field.autocomplete, spellCheck: false, autoCapitalize: field.type === "text" ? "words" : "none", "aria-invalid": error ? "true" : undefined, "aria-describedby": described }),
      password ? h("button", { type: "button", className: "ly-button", "data-kind": "ghost", "data-size": "s", "aria-pressed": Boolean(shown), "aria-label": shown ? "Hide password" : "Show password", onClick: show }, h("span", null, shown ? "Hide" : "Show")) : null,
    ),
    field.help ? h("p", { className: "ly-help", id: `${id}-help` }, field.help) : null,
    error ? h("p", { className: "ly-error", id: `${id}-error` }, error) : null,
  );
}

// Before somebody is signed in there is nothing to renew.
function plainly(address, options) {
  return fetch(address, { ...options, headers: { "X-Lyceum": "1", ...options.headers } });
}

// Where the sign-in page was asked to lead back to, if that is a path on this site. Browsers drop tabs and line ends: /<tab>/host is //host to them.
function next() {
  const wanted = new URLSearchParams(location.search).get("next");
  return wanted && /^\/(?![/\\])[^\x00-\x20\\]*$/.test(wanted) ? wanted : null;
}
