// Answers that the server has not acknowledged yet, in the browser's own database: one row for each question of an attempt. They outlive a closed
// tab and a flat battery, and every page sends what is left once there is a connection.
import { openDB } from "idb";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const DATABASE = "lyceum";
const ANSWERS = "answers";
const OLDEST = 30 * 24 * 3600_000;
// Says to every page, without opening the database, that something may be left.
const FLAG = "lyceum:unsent";

let opened = null;

function database() {
  opened ??= openDB(DATABASE, 1, {
    upgrade(fresh) {
      fresh.createObjectStore(ANSWERS, { keyPath: ["attempt", "question"] }).createIndex("attempt", "attempt");
    },
    terminated() {
      opened = null;
    },
  }).catch((error) => {
    // A browser that keeps nothing (a private window of some): answers are still posted.
    opened = null;
    throw error;
  });
  return opened;
}

async function quietly(work, otherwise) {
  try {
    return await work(await database());
  } catch {
    return otherwise;
  }
}

// Keeps an answer, unless a newer one is there.
export function keep(attempt, question, entry) {
  try {
    localStorage.setItem(FLAG, "1");
  } catch {
    // A forbidden store: only the tab of the attempt sends.
  }
  return quietly(async (store) => {
    const writing = store.transaction(ANSWERS, "readwrite");
    const before = await writing.store.get([attempt, question]);
    if (!before || before.sequence <= entry.sequence) await writing.store.put({ attempt, question, ...entry, at: Date.now() });
    await writing.done;
  });
}

// The server has this answer, or a newer one.
export function letGo(attempt, question, sequence) {
  return quietly(async (store) => {
    const writing = store.transaction(ANSWERS, "readwrite");
    const before = await writing.store.get([attempt, question]);
    if (before && before.sequence <= sequence) await writing.store.delete([attempt, question]);
    await writing.done;
  });
}

export function kept(attempt) {
  return quietly((store) => store.getAllFromIndex(ANSWERS, "attempt", attempt), []);
}

// The attempt is over.
export function forget(attempt) {
  return quietly(async (store) => {
    const writing = store.transaction(ANSWERS, "readwrite");
    for (const key of await writing.store.index("attempt").getAllKeys(attempt)) writing.store.delete(key);
    await writing.done;
  });
}

// Sends what an earlier page could not. A tab in which the attempt is open does so itself; whoever is second is told of the newer one.
export async function sendLeftovers() {
  const rows = await quietly((store) => store.getAll(ANSWERS), []);
  if (rows.length === 0) localStorage.removeItem(FLAG);
  for (const row of rows) {
    if (Date.now() - row.at > OLDEST) {
      await letGo(row.attempt, row.question, row.sequence);
      continue;
    }
    const body = { type: row.type, response: row.response, sequence: row.sequence, ...(row.certainty ? { certainty: row.certainty } : {}) };
    const reply = await send(`/v/attempts/${row.attempt}/answers/${row.question}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => null);
    if (!reply || reply.status >= 500 || reply.status === 401 || reply.status === 429) return;
    // Somebody else may be signed in now: what is not theirs stays for its owner.
    if (reply.status !== 404) await letGo(row.attempt, row.question, row.sequence);
  }
}
