// Counts the seconds that a tab is attended to, and tells them in small batches: while it is seen, has the focus, and was used within five minutes or
// plays a film. What could not be told is told again under the same name, so that it counts once.
import { useEffect, useRef } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const TELL_EACH = 30;
const AWAY_AFTER = 5 * 60_000;
const LONGEST_STEP = 2;
const INPUTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];

// `address` is where it is told, "" for nowhere. `facts()` adds to what is told, null where there is nothing else; `isUrgent(seconds)` says that the
// seconds in all should be told now; `onAnswer` gets the reply.
export function useAttending(address, { facts, isUrgent, onAnswer } = {}) {
  const latest = useRef({});
  latest.current = { facts, isUrgent, onAnswer };
  useEffect(() => {
    if (!address) return undefined;
    let counted = 0;
    let inAll = 0;
    let lastInput = Date.now();
    let lastStep = Date.now();
    let unsent = null;
    let sending = false;

    const tell = async (leaving) => {
      if (sending) return;
      if (!unsent) {
        const seconds = Math.floor(counted);
        const more = latest.current.facts?.(seconds) ?? null;
        if (!seconds && !more) return;
        counted -= seconds;
        unsent = { id: crypto.randomUUID(), seconds, ...more };
      }
      sending = true;
      try {
        const reply = await send(address, {
          method: "POST",
          keepalive: leaving,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(unsent),
        });
        // What is refused will be refused again.
        if (reply.status < 500) unsent = null;
        if (reply.ok) latest.current.onAnswer?.(reply.status === 204 ? null : await reply.json());
      } catch {
        // Offline: it is told with the next try.
      } finally {
        sending = false;
      }
    };

    const used = () => {
      lastInput = Date.now();
    };
    const step = () => {
      const now = Date.now();
      const passed = Math.min((now - lastStep) / 1000, LONGEST_STEP);
      lastStep = now;
      const isThere = document.visibilityState === "visible" && document.hasFocus() && (now - lastInput < AWAY_AFTER || isPlaying());
      if (isThere) {
        counted += passed;
        inAll += passed;
      }
      if (counted >= TELL_EACH || latest.current.isUrgent?.(inAll)) tell(false);
    };
    const leave = () => document.visibilityState === "hidden" && tell(true);
    const clock = setInterval(step, 1000);
    for (const input of INPUTS) window.addEventListener(input, used, { passive: true, capture: true });
    document.addEventListener("visibilitychange", leave);
    return () => {
      clearInterval(clock);
      for (const input of INPUTS) window.removeEventListener(input, used, { capture: true });
      document.removeEventListener("visibilitychange", leave);
      tell(true);
    };
  }, [address]);
}

const isPlaying = () => [...document.querySelectorAll(".ly-media")].some((player) => !player.paused);
