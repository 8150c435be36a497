// Saving a page, or a question, while it is written. What the server has not acknowledged is kept in the browser's own database, so that it outlives a lost connection
// and a closed tab; what somebody else saved meanwhile is never overwritten in silence.
import { openDB } from "idb";
import { ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

const DATABASE = "lyceum-drafts";
const DRAFTS = "drafts";
const PAUSE = 800;
const LIVING = 60_000;
const AGAIN = [1000, 2000, 5000, 10_000];
// For so long after opening and after each save, what one hears of is that save.
const QUIET = 3000;

// What is written and saved, and how its routes put it: `opened` and `theirs` read what is there, `saved` an answer, `moved` what is known of it then.
export const PAGES = {
  name: "pages",
  opened: (found) => ({ about: found.page, version: found.page.revision, held: { title: found.page.title, document: found.document } }),
  saved: (saved) => ({ version: saved.revision, about: { revision: saved.revision, state: saved.state, title: saved.title } }),
  theirs: ({ revision, title }) => ({ version: revision, about: { revision, title } }),
};
export const QUESTIONS = {
  name: "questions",
  opened: (found) => ({ about: found, version: found.version, held: { form: found.form } }),
  saved: ({ version, state, title, problems }) => ({ version, about: { version, state, title, problems } }),
  theirs: ({ version }) => ({ version, about: { version } }),
};

let opened = null;

async function store(work, otherwise) {
  try {
    opened ??= openDB(DATABASE, 3, {
      upgrade(fresh) {
        if (fresh.objectStoreNames.contains(DRAFTS)) fresh.deleteObjectStore(DRAFTS);
        fresh.createObjectStore(DRAFTS, { keyPath: ["reader", "page"] }).createIndex("page", "page");
      },
      terminated() {
        opened = null;
      },
    });
    return await work(await opened);
  } catch {
    // A browser that keeps nothing (a private window of some): the page is still saved as long as there is a connection.
    opened = null;
    return otherwise;
  }
}

// What this author wrote on other pages and never arrived is sent now, but for pages that are being written in another tab. One that somebody else saved
// meanwhile stays here until its author opens it and chooses.
async function sendOthers(reader, address) {
  const kept = (await store((database) => database.getAll(DRAFTS))) ?? [];
  for (const { reader: author, page, held, base, spell, at } of kept) {
    if (author !== reader || page === address || Date.now() - at < LIVING) continue;
    const arrived = await ask("PUT", page, { ...held, spell }, { "If-Match": `"${base}"` }).catch(() => null);
    const now = await store((database) => database.get(DRAFTS, [reader, page]));
    if (arrived && now?.at === at) await store((database) => database.delete(DRAFTS, [reader, page]));
  }
}

// One page or question in one editor, kept under the address of its draft. `told` hears of every change of `{ status, savedAt, trouble, theirs, page }`.
export class Draft {
  constructor(kind, id, told) {
    this.kind = kind;
    this.address = `/v/${kind.name}/${id}/draft`;
    this.told = told;
    this.spell = crypto.randomUUID();
    this.base = null;
    this.waiting = null;
    this.sending = null;
    this.failures = 0;
    this.settledAt = 0;
    this.changes = 0;
    this.timer = null;
    this.state = { status: "loading", savedAt: "", trouble: "", theirs: null, page: null };
    this.online = () => this.waiting && this.save();
    this.leaving = () => this.waiting && this.part();
    window.addEventListener("online", this.online);
    window.addEventListener("pagehide", this.leaving);
  }

  tell(change) {
    this.state = { ...this.state, ...change };
    this.told(this.state);
  }

  // What the editor shows first: what this author wrote here and was not acknowledged, else what the server has.
  async open() {
    const [all, found] = await Promise.all([store((database) => database.getAllFromIndex(DRAFTS, "page", this.address), []), ask("GET", this.address).catch((error) => error)]);
    // Without a connection nobody else can have signed in since: whoever wrote last goes on.
    const there = found instanceof Error ? null : this.kind.opened(found);
    const kept = there ? all.find(({ reader }) => reader === there.about.reader) : all.toSorted((one, other) => other.at - one.at)[0];
    if (found instanceof Error && (found.status !== 0 || !kept)) {
      this.tell({ status: "gone", trouble: found.message });
      return null;
    }
    const page = there ? there.about : kept.about;
    if (there) sendOthers(page.reader, this.address);
    this.settledAt = Date.now();
    this.base = kept ? kept.base : there.version;
    this.tell({ status: "saved", savedAt: there ? found.saved_at : "", page });
    if (!kept) return there.held;
    this.spell = kept.spell;
    this.waiting = kept.held;
    this.tell({ status: "unsaved" });
    this.save();
    return this.waiting;
  }

  // The author changed something: kept here at once, sent soon.
  change(held) {
    this.waiting = held;
    this.changes += 1;
    this.keep();
    if (this.state.status === "conflict" || this.state.status === "gone") return;
    if (this.state.status !== "offline") this.tell({ status: "unsaved" });
    this.timer ??= setTimeout(() => this.save(), PAUSE);
  }

  keep() {
    const about = this.state.page;
    return store((database) => database.put(DRAFTS, { reader: about.reader, page: this.address, base: this.base, spell: this.spell, held: this.waiting, about, at: Date.now() }));
  }

  async letGo() {
    if (!this.waiting) await store((database) => database.delete(DRAFTS, [this.state.page.reader, this.address]));
  }

  // Sends what is waiting. With `all`, resolves once nothing is: true, or false when it cannot be sent now.
  async save(all = false) {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.sending) await this.sending;
    if (!this.waiting || this.state.status === "conflict" || this.state.status === "gone") return !this.waiting;
    this.sending = this.send();
    await this.sending;
    this.sending = null;
    if (!this.waiting || this.state.status !== "saving") return !this.waiting;
    // More was written meanwhile.
    if (all) return this.save(true);
    this.tell({ status: "unsaved" });
    this.timer ??= setTimeout(() => this.save(), PAUSE);
    return false;
  }

  async send() {
    const sent = this.waiting;
    this.tell({ status: "saving" });
    try {
      const saved = await ask("PUT", this.address, { ...sent, spell: this.spell }, { "If-Match": `"${this.base}"` });
      const { version, about } = this.kind.saved(saved);
      this.base = version;
      this.settledAt = Date.now();
      this.failures = 0;
      const page = { ...this.state.page, ...about };
      if (this.waiting === sent) {
        this.waiting = null;
        this.tell({ status: "saved", savedAt: saved.saved_at, trouble: "", page });
        await this.letGo();
      } else {
        await this.keep();
        this.tell({ savedAt: saved.saved_at, trouble: "", page });
      }
    } catch (error) {
      this.failed(error);
    }
  }

  // The last word of a page that is being left: sent without waiting for an answer. Should it not arrive, it is kept here.
  part() {
    ask("PUT", this.address, { ...this.waiting, spell: this.spell }, { "If-Match": `"${this.base}"` }, { keepalive: true }).catch(() => {});
  }

  failed(error) {
    if (error.status === 409 && error.told?.theirs) return this.tell({ status: "conflict", theirs: error.told.theirs, trouble: error.message });
    if (error.status === 404 || error.status === 403) return this.tell({ status: "gone", trouble: error.message });
    if (error.status === 422 || error.status === 413) return this.tell({ status: "refused", trouble: error.message });
    // No answer, or none of use: again, after a pause that grows.
    const pause = AGAIN[Math.min(this.failures, AGAIN.length - 1)];
    this.failures += 1;
    this.timer ??= setTimeout(() => this.save(), pause);
    return this.tell({ status: "offline", trouble: "" });
  }

  // What somebody else has saved meanwhile, where nothing of this author's is waiting; else null, and the next save will tell.
  async look() {
    const quiet = () => !this.waiting && !this.sending && this.state.status === "saved";
    if (!quiet() || Date.now() - this.settledAt < QUIET) return null;
    const { base, changes } = this;
    const found = await ask("GET", this.address).catch(() => null);
    const there = found && this.kind.opened(found);
    if (!there || there.version === base || this.base !== base || this.changes !== changes || !quiet()) return null;
    this.moved(there.version, { page: there.about, savedAt: found.saved_at });
    return found;
  }

  // After a conflict: `mine` goes over theirs, which stays in the history; without it theirs is taken.
  settle(mine) {
    const { version, about } = this.kind.theirs(this.state.theirs);
    this.base = version;
    this.waiting = mine;
    this.tell({ status: mine ? "unsaved" : "saved", theirs: null, trouble: "", savedAt: this.state.theirs.saved_at, page: { ...this.state.page, ...about } });
    if (mine) {
      this.keep();
      this.save();
    } else this.letGo();
  }

  // The server did something to the page by itself, such as bringing back an earlier state.
  moved(version, change = {}) {
    this.base = version;
    this.waiting = null;
    this.letGo();
    this.tell({ status: "saved", theirs: null, trouble: "", page: this.state.page, ...change });
  }

  close() {
    window.removeEventListener("online", this.online);
    window.removeEventListener("pagehide", this.leaving);
    this.told = () => {};
    if (this.waiting) this.save();
    else clearTimeout(this.timer);
  }
}
