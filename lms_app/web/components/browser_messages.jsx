// Messages while no page of ours is open: the browser asks its owner, gives us an address, and assets/push-worker.js shows what comes there.
import { createElement as h, useEffect, useState } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";
import "$/public/css/notifications.css";

const WORKER = "/push-worker.js";
const CANNOT = "This browser cannot show messages. On a phone, put Lyceum on the home screen first.";
const REFUSED = "This browser is set to show no messages of Lyceum. Allow them in its settings for this site, then reload the page.";
const FAILED = "That did not work. Try again in a moment.";

export function BrowserMessages({ onMoved, on_moved }) {
  const moved = onMoved ?? on_moved;
  const [state, setState] = useState("unknown");
  const [words, setWords] = useState("");

  useEffect(() => {
    look().then(setState, () => setState("cannot"));
  }, []);

  async function turn(on) {
    setState("busy");
    try {
      setState(await (on ? begin() : end()));
      setWords("");
      moved?.();
    } catch {
      setState(await look());
      setWords(FAILED);
    }
  }

  if (state === "unknown") return h("div", { className: "ly-push" });
  if (state === "cannot" || state === "unset") return h("p", { className: "ly-second" }, state === "unset" ? "This installation sends no messages to browsers." : CANNOT);
  if (state === "refused") return h("p", { className: "ly-second" }, REFUSED);
  const on = state === "on";
  return h(
    "div",
    { className: "ly-push" },
    h(
      "button",
      { type: "button", className: "ly-button", "data-kind": "default", disabled: state === "busy", onClick: () => turn(!on) },
      on ? "Stop messages in this browser" : "Show messages in this browser",
    ),
    h("p", { role: "status", className: "ly-second" }, words || (on ? "This browser shows messages for you." : "")),
  );
}

async function look() {
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return "cannot";
  if (Notification.permission === "denied") return "refused";
  const standing = await subscription();
  return standing && Notification.permission === "granted" ? "on" : "off";
}

async function subscription() {
  const worker = await navigator.serviceWorker.getRegistration(WORKER);
  return worker ? worker.pushManager.getSubscription() : null;
}

async function begin() {
  const { key } = await (await send("/v/push")).json();
  if (!key) return "unset";
  if ((await Notification.requestPermission()) !== "granted") return Notification.permission === "denied" ? "refused" : "off";
  const worker = await navigator.serviceWorker.register(WORKER, { scope: "/" });
  await navigator.serviceWorker.ready;
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const { keys } = made.toJSON();
  const answer = await send("/v/push", told("PUT", { address: made.endpoint, key: keys.p256dh, auth: keys.auth }));
  if (!answer.ok) {
    await made.unsubscribe();
    throw new Error("refused");
  }
  return "on";
}

async function end() {
  const standing = await subscription();
  if (standing) {
    await send("/v/push", told("DELETE", { address: standing.endpoint }));
    await standing.unsubscribe();
  }
  return "off";
}

function told(method, body) {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

function bytes(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}
