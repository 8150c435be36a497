// Small parts of marking: buttons, requests, and what a refusal says.
import { createElement as h } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export function Button({ kind = "default", size = "m", busy = false, disabled = false, children, ...props }) {
  return h("button", { type: "button", className: "ly-button", "data-kind": kind, "data-size": size, "aria-busy": busy ? "true" : undefined, disabled: disabled || busy, ...props }, h("span", null, children));
}

export function Html({ html, ...props }) {
  return h("div", { ...props, dangerouslySetInnerHTML: { __html: html } });
}

// What a route gave, or throws a sentence for the reader. `status` of the error is 0 where nobody answered.
export async function ask(method, address, body) {
  let reply;
  try {
    reply = await send(address, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body ? JSON.stringify(body) : undefined });
  } catch {
    throw refusal("There is no connection. Nothing is lost; try again.", 0);
  }
  if (!reply.ok) {
    const said = await reply.json().catch(() => ({}));
    throw refusal(said.title ?? "That did not work. Try again.", reply.status);
  }
  return reply.status === 204 ? null : reply.json();
}

function refusal(sentence, status) {
  return Object.assign(new Error(sentence), { status });
}

export function points(text) {
  return `${text} ${text === "1" ? "point" : "points"}`;
}

export function megabytes(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function trimmed(number) {
  return String(Math.round(number * 1e6) / 1e6);
}
