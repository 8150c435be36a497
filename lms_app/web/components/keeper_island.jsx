// Keeps the browser signed in while a page is open, also after sleep, sends answers that an earlier page could not, and signs out. Draws nothing.
import { useEffect } from "react";
import { isDue, noteRenewal, renew } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const LOOK = 30_000;

function hasUnsent() {
  try {
    return localStorage.getItem("lyceum:unsent") !== null;
  } catch {
    return false;
  }
}

// What was being written to others is nobody else's at this browser.
function forgetDrafts() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("lyceum:talk:")) localStorage.removeItem(key);
  } catch {
    // A forbidden store holds none.
  }
}

export function KeeperIsland({ signedIn }) {
  useEffect(() => {
    if (!signedIn) return undefined;
    let out = false;
    const look = async () => {
      if (out || document.visibilityState === "hidden" || !navigator.onLine || !isDue()) return;
      out = (await renew()) === false;
    };
    const sendLeftovers = async () => {
      if (navigator.onLine && hasUnsent()) (await import("$/public/external/lms_app/web/components/keeper/unsent.jsx")).sendLeftovers();
    };
    sendLeftovers();
    window.addEventListener("online", sendLeftovers);
    look();
    // A hidden tab sleeps: it looks as soon as it is seen again.
    const timer = setInterval(look, LOOK);
    const moments = [[document, "visibilitychange"], [window, "focus"], [window, "online"], [window, "pageshow"]];
    for (const [where, name] of moments) where.addEventListener(name, look);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", sendLeftovers);
      for (const [where, name] of moments) where.removeEventListener(name, look);
    };
  }, [signedIn]);

  // Signing out goes by HTTP, so that it works when the socket is gone, and loads the next page anew: the socket keeps its cookie.
  useEffect(() => {
    const onClick = async (event) => {
      const button = event.target.closest?.("[data-sign-out]");
      if (!button || button.getAttribute("aria-busy") === "true") return;
      button.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch("/v/sign-out", { method: "POST", headers: { "X-Lyceum": "1" } });
        if (answer.ok) {
          noteRenewal(false);
          forgetDrafts();
          location.assign(button.dataset.signOut || "/");
          return;
        }
      } catch {
        // Said below.
      }
      button.removeAttribute("aria-busy");
      button.querySelector("span").textContent = "Not signed out. Try again";
    };
    document.addEventListener("click", onClick);
    return () => document.removeEventListener("click", onClick);
  }, []);
  return null;
}
