// Tells the server that a page is being read: seconds on screen, and whether its end was seen. Draws nothing but the end itself.
import { createElement as h, useEffect, useRef } from "react";
import { send as sendSignedIn } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const BEAT = 5;

const LONGEST_WAIT = 2 ** 31 - 1;

export function ReadingIsland({ pageId, watched, againAt, onComplete }) {
  const end = useRef(null);

  // When the time of something comes, a page is read again: not by all who wait for it in the same second.
  useEffect(() => {
    if (!againAt) return undefined;
    const wait = Date.parse(againAt) - Date.now() + 500 + Math.random() * 2000;
    if (wait > LONGEST_WAIT) return undefined;
    const timer = setTimeout(() => onComplete?.(), Math.max(wait, 1000));
    return () => clearTimeout(timer);
  }, [againAt]);

  useEffect(() => {
    if (!pageId || !watched) return undefined;
    let seconds = 0;
    let reachedEnd = false;
    let sending = false;
    let done = false;

    const send = async (leaving) => {
      if (done || sending || (seconds === 0 && !reachedEnd)) return;
      const beat = { seconds, reached_end: reachedEnd };
      seconds = 0;
      sending = true;
      try {
        const answer = await sendSignedIn(`/v/pages/${pageId}/heartbeat`, {
          method: "POST",
          keepalive: leaving,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(beat),
        });
        if (answer.ok && (await answer.json()).complete) {
          done = true;
          onComplete?.();
        }
        if (!answer.ok && answer.status >= 500) seconds += beat.seconds;
      } catch {
        // Offline: these seconds are told with the next beat.
        seconds += beat.seconds;
      } finally {
        sending = false;
      }
    };

    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        reachedEnd = true;
        if (seconds >= BEAT) send(false);
      }
    });
    if (end.current) observer.observe(end.current);
    const clock = setInterval(() => {
      if (document.visibilityState !== "visible") return;
      seconds += 1;
      if (seconds >= BEAT) send(false);
    }, 1000);
    const leave = () => document.visibilityState === "hidden" && send(true);
    document.addEventListener("visibilitychange", leave);
    return () => {
      observer.disconnect();
      clearInterval(clock);
      document.removeEventListener("visibilitychange", leave);
      send(true);
    };
  }, [pageId, watched]);

  return h("div", { ref: end, className: "ly-page-end", "aria-hidden": "true" });
}
