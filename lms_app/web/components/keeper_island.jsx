// Keeps the browser signed in while a page is open, also after sleep, and signs it out. Draws nothing.
import { useEffect } from "react";
import { isDue, noteRenewal, renew } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const LOOK = 30_000;

export function KeeperIsland({ signedIn }) {
  useEffect(() => {
    if (!signedIn) return undefined;
    let out = false;
    const look = async () => {
      if (out || document.visibilityState === "hidden" || !navigator.onLine || !isDue()) return;
      out = (await renew()) === false;
    };
    look();
    // A hidden tab sleeps: it looks as soon as it is seen again.
    const timer = setInterval(look, LOOK);
    const moments = [[document, "visibilitychange"], [window, "focus"], [window, "online"], [window, "pageshow"]];
    for (const [where, name] of moments) where.addEventListener(name, look);
    return () => {
      clearInterval(timer);
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
