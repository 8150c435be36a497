// What is known of the outline: read with its version, changed one thing at a time in the order asked, shown at once and put right by the answer.
import { useCallback, useEffect, useRef, useState } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";
import { ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

const NO_ANSWER = "The outline could not be read. Check your connection.";

export function useOutline(courseId, revision) {
  const base = `/v/courses/${courseId}/outline`;
  const [outline, setOutline] = useState(null);
  const [trouble, setTrouble] = useState("");
  const kept = useRef(null);
  kept.current ??= { tag: "", truth: null, writing: 0, reading: false, behind: false, line: Promise.resolve() };

  const take = useCallback((told) => {
    kept.current.truth = told;
    kept.current.tag = `"${told.version}"`;
    setOutline(told);
  }, []);

  const read = useCallback(async () => {
    const store = kept.current;
    if (store.reading || store.writing) {
      store.behind = true;
      return;
    }
    store.reading = true;
    store.behind = false;
    const reply = await send(base, { headers: store.tag ? { "If-None-Match": store.tag } : {} }).catch(() => null);
    const told = reply?.status === 304 ? null : await reply?.json().catch(() => null);
    store.reading = false;
    if (reply?.status === 304) setTrouble("");
    else if (reply?.ok && told) {
      setTrouble("");
      if (!store.writing) take(told);
      else store.behind = true;
    } else setTrouble(told?.title ?? NO_ANSWER);
    if (store.behind && !store.writing) read();
  }, [base, take]);

  useEffect(() => {
    read();
  }, [read, revision]);

  useEffect(() => {
    addEventListener("online", read);
    return () => removeEventListener("online", read);
  }, [read]);

  // Sends a change and gives its answer. `guess` is the outline as it will be, from the outline as it is.
  const write = useCallback(
    async (method, address, body, guess, headers) => {
      const store = kept.current;
      if (guess) setOutline(guess);
      store.writing += 1;
      const sent = store.line.then(() => ask(method, base + address, body, headers));
      store.line = sent.catch(() => {});
      try {
        const told = await sent;
        store.writing -= 1;
        if (!store.writing) take(told.outline);
        else store.truth = told.outline;
        return told;
      } catch (error) {
        store.writing -= 1;
        if (!store.writing) {
          setOutline(store.truth);
          if (error.status) read();
        }
        throw error;
      } finally {
        if (store.behind && !store.writing) read();
      }
    },
    [base, take, read],
  );

  // What another part of the page has just been told.
  const hear = useCallback((change) => setOutline((before) => before && change(before)), []);

  return { outline, trouble, read, write, hear };
}
