// Keys and the few behaviours that native elements do not bring: one island, in every shell.
import { createElement as h, lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";

const Dialogs = lazy(() => import("./palette_dialog.jsx"));

// Outlives the island: each page brings a shell, and so an island, of its own.
let lastPath = null;

const KEYS_OFF = "lyceum:single-keys-off";

export function KeyboardIsland({ learn, teach, signedIn, student, instructor }) {
  const [open, setOpen] = useState(null);
  const navigate = useNavigate();
  const places = [...(signedIn ? learn : learn.filter((place) => place.name === "catalogue")), ...(instructor ? teach : [])];
  const latest = useRef();
  latest.current = { places, navigate };

  useKeys(latest, setOpen);
  useClicks(setOpen);
  useConnection();
  useFocusOnArrival();

  return open === null ? null : h(Suspense, { fallback: null }, h(Dialogs, { open, places, keysOff: KEYS_OFF, close: () => setOpen(null) }));
}

// Single letters work unless a field has the focus, a dialog is open, or the person switched them off.
function useKeys(latest, setOpen) {
  useEffect(() => {
    let afterG = 0;
    const onKey = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((was) => (was === "palette" ? null : "palette"));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
      if (event.target.closest?.("input, textarea, select, [contenteditable=true], dialog[open]")) return;
      if (localStorage.getItem(KEYS_OFF)) return;
      if (event.key === "?") return setOpen("keys");
      const key = event.key.toLowerCase();
      if (Date.now() - afterG < 1200) {
        afterG = 0;
        const place = latest.current.places.find((candidate) => candidate.key === key);
        if (place) latest.current.navigate(place.href);
        return;
      }
      if (key === "g") {
        afterG = Date.now();
        return;
      }
      const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((element) => element.checkVisibility?.() ?? true);
      if (target && !target.disabled) {
        event.preventDefault();
        target.click();
      }
    };
    document.addEventListener("keydown", onKey);
    // Says that keys are heard from now on.
    document.documentElement.dataset.keys = "on";
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function useClicks(setOpen) {
  useEffect(() => {
    const onClick = (event) => {
      const at = (selector) => event.target.closest?.(selector);
      if (at("[data-opens-palette]")) setOpen("palette");
      if (at("[data-opens-keys]")) setOpen("keys");
      const reveal = at("[data-reveal]");
      if (reveal) {
        const field = document.getElementById(reveal.dataset.reveal);
        const shown = field.type === "password";
        field.type = shown ? "text" : "password";
        reveal.setAttribute("aria-pressed", String(shown));
      }
      // A link or a command in a menu or a sheet has been followed: the menu has done its work.
      const item = at("[popover] a, [popover] button:not([popovertarget])");
      if (item) item.closest("[popover]").hidePopover?.();
      // Browsers that do not know invoker commands yet.
      const invoker = at("button[commandfor]");
      if (invoker && !("commandForElement" in HTMLButtonElement.prototype)) {
        const dialog = document.getElementById(invoker.getAttribute("commandfor"));
        if (invoker.getAttribute("command") === "close") dialog?.close();
        else dialog?.showModal();
      }
      // Browsers that do not know anchored positions: put the menu under its button.
      const opener = at("[popovertarget]");
      if (opener && !CSS.supports("position-area", "bottom")) {
        const menu = document.getElementById(opener.getAttribute("popovertarget"));
        const place = opener.getBoundingClientRect();
        if (menu?.classList.contains("ly-menu")) {
          menu.style.top = `${place.bottom}px`;
          menu.style.right = `${Math.max(12, innerWidth - place.right)}px`;
        }
      }
    };
    document.addEventListener("click", onClick);
    const mac = /mac|iphone|ipad/i.test(navigator.platform);
    if (mac) for (const key of document.querySelectorAll("kbd[data-mac]")) key.textContent = key.dataset.mac;
    return () => {
      document.removeEventListener("click", onClick);
    };
  }, []);
}

function useConnection() {
  useEffect(() => {
    const tell = () => document.documentElement.toggleAttribute("data-offline", !navigator.onLine);
    tell();
    addEventListener("online", tell);
    addEventListener("offline", tell);
    return () => {
      removeEventListener("online", tell);
      removeEventListener("offline", tell);
    };
  }, []);
}

// A page reached by a link starts at its content; a summary of errors takes the focus when it appears.
function useFocusOnArrival() {
  const { pathname } = useLocation();
  useEffect(() => {
    if (lastPath !== null && lastPath !== pathname) document.getElementById("main")?.focus({ preventScroll: true });
    lastPath = pathname;
  }, [pathname]);
  useEffect(() => {
    const seen = new WeakSet();
    const watcher = new MutationObserver(() => {
      const summary = document.querySelector("[data-focus-here]");
      if (summary && !seen.has(summary)) {
        seen.add(summary);
        summary.focus();
      }
    });
    watcher.observe(document.body, { childList: true, subtree: true });
    return () => watcher.disconnect();
  }, []);
}
