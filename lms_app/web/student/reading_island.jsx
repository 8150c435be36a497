// Tells the server that a page is being read: the seconds at it, whether its end was seen, and how far its films were watched. Draws nothing but the
// end itself.
import { createElement as h, useEffect, useRef } from "react";
import { useAttending } from "$/public/external/lms_app/web/components/attending/attending.jsx";
import { useMoment } from "$/public/external/lms_app/web/components/moments/moments.jsx";

const READ_AFTER = 5;
const ASK_EACH = 5_000;

export function ReadingIsland({ pageId, open, watched, againAt, onComplete }) {
  const end = useRef(null);
  const seen = useRef({ reachedEnd: false, told: 0, done: false, films: new Map() });

  useMoment(againAt, onComplete);

  useEffect(() => {
    const here = { reachedEnd: false, told: 0, done: false, films: new Map() };
    seen.current = here;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) here.reachedEnd = true;
    });
    if (end.current) observer.observe(end.current);
    const film = ({ detail }) => {
      const played = (here.films.get(detail.block)?.played ?? 0) + detail.played;
      here.films.set(detail.block, { ...detail, played });
    };
    window.addEventListener("ly:film", film);
    return () => {
      observer.disconnect();
      window.removeEventListener("ly:film", film);
    };
  }, [pageId]);

  useAttending(pageId && open ? `/v/pages/${pageId}/heartbeat` : "", {
    facts: (seconds) => {
      const here = seen.current;
      const films = [...here.films.values()].map(({ played, ...film }) => ({ ...film, played: Math.round(played) })).slice(0, 8);
      if (!seconds && !films.length && !(here.reachedEnd && !here.told)) return null;
      here.films.clear();
      here.told = Date.now();
      return { reached_end: here.reachedEnd, films };
    },
    isUrgent: (seconds) => {
      const here = seen.current;
      return watched && here.reachedEnd && !here.done && seconds >= READ_AFTER && Date.now() - here.told >= ASK_EACH;
    },
    onAnswer: (answer) => {
      const here = seen.current;
      if (!watched || here.done || !answer.complete) return;
      here.done = true;
      onComplete?.();
    },
  });

  return h("div", { ref: end, className: "ly-page-end", "aria-hidden": "true" });
}
