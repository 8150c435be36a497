// The answers of an attempt, on their way. Every change is kept in the browser's database first, posted with a number that only grows, and posted
// again until the server acknowledges or refuses it. Tabs of one browser tell each other; what was answered on another device is shown, not hidden.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { forget, keep, kept, letGo } from "$/public/external/lms_app/web/components/keeper/unsent.jsx";
import { send as sendSignedIn } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const RETRY = [1000, 2000, 4000, 8000, 15000];
const ASK_AGAIN = [2000, 5000, 10000];
const TYPING_PAUSE = 600;
const SILENCE = 20_000;
const LOOK_FOR_LEFT_BEHIND = 15_000;

let lastRequest = 0;

// `fetch` for our own routes with a JSON body.
export async function send(method, address, body) {
  lastRequest = Date.now();
  return sendSignedIn(address, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
}

// What a refusal says to its reader.
export async function sentenceOf(reply) {
  try {
    return (await reply.json()).title;
  } catch {
    return "That did not work. Try again.";
  }
}

// Submits an attempt and gives its result; of one that is over the result alone. Where many submit at once the server first says that it has
// arrived, which `onArrived` learns with the moment, and gives the result when it is asked again. Of what has `arrived` before it goes on asking.
export async function submitted(attempt, onArrived, arrived = false) {
  for (let asked = 0; ; asked += 1) {
    try {
      const reply = await send("POST", `/v/attempts/${attempt}/submission`);
      if (reply.status === 200) return await reply.json();
      if (reply.status === 202) {
        onArrived?.((await reply.json()).submitted_at);
        arrived = true;
      } else if (!arrived || reply.status === 401 || !mayTryAgain(reply)) {
        throw Object.assign(new Error(await sentenceOf(reply)), { final: true });
      }
    } catch (error) {
      // Once it has arrived, nothing can be lost any more.
      if (!arrived || error.final) throw error;
    }
    const pause = ASK_AGAIN[Math.min(asked, ASK_AGAIN.length - 1)];
    await new Promise((go) => setTimeout(go, pause * (0.75 + Math.random() / 2)));
  }
}

// The result of an attempt that is over.
export async function resultOf(attempt) {
  const reply = await send("GET", `/v/attempts/${attempt}/result`);
  if (!reply.ok) throw new Error(await sentenceOf(reply));
  return reply.json();
}

const mayTryAgain = (reply) => reply.status >= 500 || reply.status === 401 || reply.status === 429;

// `{ answer(id), change(id, response, { typing, certainty }), settle(id?), state, conflict, elsewhere, insist(id), reread(sheet), forget() }`
export function useAnswers(sheet, { onDeadline, onClosed }) {
  const [answers, setAnswers] = useState(() => answersOf(sheet));
  const [state, setState] = useState(() => latestSaved(sheet));
  const [conflict, setConflict] = useState("");
  const [elsewhere, setElsewhere] = useState(null);
  const told = useRef({ onDeadline, onClosed });
  told.current = { onDeadline, onClosed };
  const pending = useRef(new Map());
  const sequence = useRef(Math.max(Date.now(), ...sheet.questions.map((question) => question.sequence)));
  const known = useRef(new Map(sheet.questions.map((question) => [question.id, question.sequence])));
  const changed = useRef(new Map());
  const busy = useRef(new Map());
  const timers = useRef(new Map());
  const channel = useRef(null);
  const types = useMemo(() => new Map(sheet.questions.map((question) => [question.id, question.type])), [sheet]);

  const show = useCallback((id, entry) => {
    known.current.set(id, entry.sequence);
    changed.current.set(id, entry);
    setAnswers((shown) => new Map(shown).set(id, { response: entry.response, certainty: entry.certainty ?? null }));
  }, []);

  const drop = useCallback(
    (id, upTo) => {
      if ((pending.current.get(id)?.sequence ?? Infinity) <= upTo) pending.current.delete(id);
      return letGo(sheet.id, id, upTo);
    },
    [sheet.id],
  );

  const reread = useCallback(
    (fresh) => {
      for (const question of fresh.questions) {
        if (question.response && question.sequence > (known.current.get(question.id) ?? 0)) show(question.id, question);
      }
    },
    [show],
  );

  const answeredElsewhere = useCallback(
    async (id, mine, saved) => {
      drop(id, mine.sequence);
      sequence.current = Math.max(sequence.current, saved.sequence);
      const reply = await send("GET", `/v/attempts/${sheet.id}`).catch(() => null);
      if (!reply?.ok) return;
      reread(await reply.json());
      setElsewhere({ id, at: saved.saved_at, mine });
    },
    [drop, reread, sheet.id],
  );

  const post = useCallback(
    (id, attempt = 0) => {
      const entry = pending.current.get(id);
      if (!entry) return Promise.resolve(true);
      const running = busy.current.get(id);
      if (running) return running.then(() => post(id, attempt));
      setState("saving");
      const body = { type: types.get(id), response: entry.response, sequence: entry.sequence, ...(entry.certainty ? { certainty: entry.certainty } : {}) };
      const sent = send("PUT", `/v/attempts/${sheet.id}/answers/${id}`, body)
        .then(async (reply) => {
          if (reply.ok) {
            const saved = await reply.json();
            if (saved.deadline_at) told.current.onDeadline(saved.deadline_at);
            if (saved.sequence > entry.sequence) await answeredElsewhere(id, entry, saved);
            else await drop(id, entry.sequence);
            if (pending.current.size === 0) setState({ at: saved.saved_at });
            return true;
          }
          if (mayTryAgain(reply)) throw new Error("again");
          // Refused for good: the attempt is over, or the answer was seen. What the server has counts.
          setConflict(await sentenceOf(reply));
          if (changed.current.get(id) === entry) changed.current.delete(id);
          await drop(id, entry.sequence);
          if (pending.current.size === 0) setState("fresh");
          return true;
        })
        .catch(() => {
          // Another tab has answered since, and saves that.
          if (!pending.current.has(id)) {
            if (pending.current.size === 0) setState("fresh");
            return true;
          }
          setState(navigator.onLine === false ? "offline" : "trouble");
          clearTimeout(timers.current.get(id));
          timers.current.set(id, setTimeout(() => post(id, attempt + 1), RETRY[Math.min(attempt, RETRY.length - 1)]));
          return false;
        })
        .finally(() => busy.current.delete(id));
      busy.current.set(id, sent);
      return sent;
    },
    [answeredElsewhere, drop, sheet.id, types],
  );

  const change = useCallback(
    (id, response, { typing = false, certainty = null } = {}) => {
      sequence.current = Math.max(sequence.current + 1, Date.now());
      const entry = { response, certainty, sequence: sequence.current };
      pending.current.set(id, entry);
      keep(sheet.id, id, { type: types.get(id), ...entry });
      show(id, entry);
      channel.current?.postMessage({ id, entry });
      setElsewhere((shown) => (shown?.id === id ? null : shown));
      setState("saving");
      clearTimeout(timers.current.get(id));
      timers.current.set(id, setTimeout(() => post(id), typing ? TYPING_PAUSE : 0));
    },
    [post, sheet.id, show, types],
  );

  // True when everything, or one question, is acknowledged.
  const settle = useCallback(
    async (id) => {
      const waiting = id ? [id] : [...pending.current.keys()];
      for (const each of waiting) clearTimeout(timers.current.get(each));
      const results = await Promise.all(waiting.map((each) => post(each)));
      return results.every(Boolean) && waiting.every((each) => !pending.current.has(each));
    },
    [post],
  );

  // What a closed tab, or one that was offline, has left in the browser's database.
  const takeOver = useCallback(async () => {
    for (const entry of await kept(sheet.id)) {
      if (!types.has(entry.question) || pending.current.has(entry.question)) continue;
      if (entry.sequence < (known.current.get(entry.question) ?? 0)) {
        letGo(sheet.id, entry.question, entry.sequence);
        continue;
      }
      pending.current.set(entry.question, entry);
      sequence.current = Math.max(sequence.current, entry.sequence);
      show(entry.question, entry);
      post(entry.question);
    }
  }, [post, sheet.id, show, types]);

  useEffect(() => {
    const other = (channel.current = typeof BroadcastChannel === "function" ? new BroadcastChannel(`lyceum:attempt:${sheet.id}`) : null);
    if (other) {
      other.onmessage = ({ data }) => {
        if (data.closed) return told.current.onClosed();
        if (data.asks) return changed.current.forEach(({ response, certainty, sequence: at }, id) => other.postMessage({ id, entry: { response, certainty, sequence: at } }));
        if (data.entry.sequence <= (known.current.get(data.id) ?? 0)) return undefined;
        sequence.current = Math.max(sequence.current, data.entry.sequence);
        clearTimeout(timers.current.get(data.id));
        pending.current.delete(data.id);
        // What was waiting here is the other tab's to save.
        if (pending.current.size === 0 && busy.current.size === 0) setState((shown) => (typeof shown === "string" ? "fresh" : shown));
        return show(data.id, data.entry);
      };
    }
    // What the other tabs were given after this one's sheet was made and before it could listen.
    other?.postMessage({ asks: true });
    takeOver();
    const again = () => {
      for (const id of pending.current.keys()) post(id);
      takeOver();
    };
    const lost = () => setState((shown) => (pending.current.size > 0 ? "offline" : shown));
    const warn = (event) => pending.current.size > 0 && event.preventDefault();
    const looking = setInterval(takeOver, LOOK_FOR_LEFT_BEHIND);
    window.addEventListener("online", again);
    window.addEventListener("offline", lost);
    window.addEventListener("beforeunload", warn);
    return () => {
      clearInterval(looking);
      window.removeEventListener("online", again);
      window.removeEventListener("offline", lost);
      window.removeEventListener("beforeunload", warn);
      other?.close();
      for (const id of pending.current.keys()) post(id);
    };
  }, [post, sheet.id, show, takeOver]);

  return {
    answer: (id) => answers.get(id),
    response: (id) => answers.get(id)?.response,
    change,
    settle,
    state,
    conflict,
    elsewhere,
    insist: () => elsewhere && change(elsewhere.id, elsewhere.mine.response, { certainty: elsewhere.mine.certainty }),
    reread,
    forget: () => {
      channel.current?.postMessage({ closed: true });
      return forget(sheet.id);
    },
  };
}

// A sign of life after a silence, so that the teacher's room knows who is there, and whenever somebody has `moved` something; what comes back are the
// clock, messages and the end.
export function useBeat(sheet, page, moved, onNews) {
  const latest = useRef({ page, onNews });
  latest.current = { page, onNews };
  useEffect(() => {
    const beat = async () => {
      const reply = await send("POST", `/v/attempts/${sheet.id}/beat`, { page: latest.current.page }).catch(() => null);
      if (reply?.ok) latest.current.onNews(await reply.json());
    };
    const timer = setInterval(() => Date.now() - lastRequest >= SILENCE && beat(), 5_000);
    if (moved) beat();
    return () => clearInterval(timer);
  }, [sheet.id, moved]);
}

// Whether something was answered, whatever the type.
export function isGiven(response) {
  if (!response) return false;
  for (const list of ["choices", "order", "points", "files"]) if (list in response) return response[list].length > 0;
  for (const table of ["pairs", "gaps"]) if (table in response) return Object.values(response[table]).some((value) => String(value).trim() !== "");
  if ("text" in response) return response.text.trim() !== "";
  return true;
}

function answersOf(sheet) {
  return new Map(sheet.questions.filter((question) => question.response).map((question) => [question.id, { response: question.response, certainty: question.certainty ?? null }]));
}

function latestSaved(sheet) {
  const times = sheet.questions.map((question) => question.saved_at).filter(Boolean);
  return times.length ? { at: times.sort().at(-1) } : "fresh";
}
