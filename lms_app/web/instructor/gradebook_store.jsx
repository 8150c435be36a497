// What is known of a gradebook: its head, and the blocks of it that were read. A block is fifty people by twenty columns.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export const ROWS = 50;
export const COLUMNS = 20;

export async function readJson(address, options) {
  const answer = await send(address, options).catch(() => null);
  if (!answer) return { ok: false, status: 0, told: { title: "Nobody answers. Check your connection and try again." } };
  const told = await answer.json().catch(() => ({ title: "That did not work. Try again." }));
  return { ok: answer.ok, status: answer.status, told };
}

export function useGradebook(courseId, revision) {
  const base = `/v/courses/${courseId}/gradebook`;
  const [head, setHead] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [search, setSearch] = useState("");
  const [count, setCount] = useState(null);
  const [, setMoved] = useState(0);
  const [savedAt, setSavedAt] = useState("");
  const [busy, setBusy] = useState(0);
  const kept = useRef({ people: new Map(), cells: new Map(), loaded: new Set(), asked: new Set(), again: new Set(), wanted: new Set(), turn: 0 });
  const touch = useCallback(() => setMoved((moved) => moved + 1), []);

  const readHead = useCallback(async () => {
    const { ok, told } = await readJson(base);
    if (ok) setHead(told);
    setTrouble(ok ? "" : told.title);
  }, [base]);

  const readBlock = useCallback(
    async (key, words) => {
      const store = kept.current;
      if (store.asked.has(key)) {
        // What moves while a block is read may not be in it.
        store.again.add(key);
        return;
      }
      store.asked.add(key);
      const turn = store.turn;
      const [row, column] = key.split(":").map(Number);
      const query = new URLSearchParams({ first: row * ROWS, rows: ROWS, first_column: column * COLUMNS, columns: COLUMNS, search: words });
      const { ok, told } = await readJson(`${base}/window?${query}`);
      if (store.turn !== turn) return;
      store.asked.delete(key);
      const again = store.again.delete(key);
      if (!ok) return setTrouble(told.title);
      setTrouble("");
      told.rows.forEach((person, at) => {
        store.people.set(told.first + at, { id: person.enrollment_id, name: person.name, total: person.total });
        person.cells.forEach((cell, place) => {
          const name = `${person.enrollment_id}:${told.columns[place]}`;
          const before = store.cells.get(name);
          if (!before || before.version <= cell.version) store.cells.set(name, cell);
        });
      });
      store.loaded.add(key);
      setCount(told.students);
      touch();
      if (again) readBlock(key, words);
    },
    [base, touch],
  );

  // Reads the blocks that these rows and columns lie in, once each.
  const want = useCallback(
    (rows, columns) => {
      const store = kept.current;
      store.wanted = new Set();
      for (let row = Math.floor(rows[0] / ROWS); row <= Math.floor(rows[1] / ROWS); row += 1) {
        for (let column = Math.floor(columns[0] / COLUMNS); column <= Math.floor(columns[1] / COLUMNS); column += 1) {
          store.wanted.add(`${row}:${column}`);
        }
      }
      for (const key of store.wanted) if (!store.loaded.has(key) && !store.asked.has(key)) readBlock(key, search);
    },
    [readBlock, search],
  );

  useEffect(() => {
    readHead();
    const store = kept.current;
    store.loaded.clear();
    for (const key of store.wanted) readBlock(key, search);
    // A search reads for itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readHead, revision]);

  useEffect(() => {
    const store = kept.current;
    store.turn += 1;
    for (const part of [store.people, store.loaded, store.asked, store.again]) part.clear();
    setCount(null);
    const later = setTimeout(() => readBlock("0:0", search), search ? 250 : 0);
    return () => clearTimeout(later);
  }, [search, readBlock]);

  const save = useCallback(
    async (person, place, version, given) => {
      const column = head.columns[place];
      setBusy((many) => many + 1);
      const answer = await readJson(`${base}/grades/${person.id}/${column.id}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": `"${version}"` },
        body: JSON.stringify({ act: "set", points: "", reason: "", ...given }),
      });
      setBusy((many) => many - 1);
      const name = `${person.id}:${column.id}`;
      if (answer.ok) {
        kept.current.cells.set(name, answer.told.cell);
        person.total = answer.told.total;
        setSavedAt(new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
      } else if (answer.status === 409 && answer.told.theirs) {
        kept.current.cells.set(name, answer.told.theirs);
      }
      touch();
      return answer;
    },
    [base, head, touch],
  );

  return useMemo(
    () => ({
      base,
      head,
      trouble,
      search,
      setSearch,
      count,
      savedAt,
      busy: busy > 0,
      want,
      save,
      retry: () => {
        setTrouble("");
        readHead();
        for (const key of kept.current.wanted) readBlock(key, search);
      },
      person: (row) => kept.current.people.get(row),
      cell: (person, place) => person && kept.current.cells.get(`${person.id}:${head.columns[place]?.id}`),
    }),
    [base, head, trouble, search, count, savedAt, busy, want, save, readHead, readBlock],
  );
}

// What somebody means by what they typed into a cell.
export function meaning(text) {
  const words = text.trim();
  if (!words) return { act: "reset" };
  return /^(ex|excused)$/i.test(words) ? { act: "excuse" } : { act: "set", points: words };
}

export function sayCell(cell, column) {
  if (!cell) return "loading";
  const late = cell.late ? `, ${cell.late} ${cell.late === 1 ? "day" : "days"} late` : "";
  const how = { given: ", set by hand", replaced: ", set by hand in place of the quiz" }[cell.state] ?? "";
  if (!cell.text) return "empty";
  return cell.points ? `${cell.text} of ${column.points}${how}${late}` : cell.text;
}
