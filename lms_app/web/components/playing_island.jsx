// What the videos and recordings of a page can do besides being played: they go on where they were left, on whatever device that was, and their
// captions stand beside them as a transcript that follows and leads. What would come from elsewhere comes when its reader asks for it. The page's own HTML works without any of it.
import { createElement as h, Fragment, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";
import "$/public/css/playing.css";

const KEPT_EACH = 5;
const WORTH_IT = 10;
const RESUMES_AFTER_SCROLL = 4000;
const LONGEST_STEP = 2;
const PATIENCE = 1500;

// Stands inside the element that holds the blocks' HTML. `blocks` tells when that is another.
export function Playing({ blocks, pageId }) {
  const here = useRef(null);
  const [places, setPlaces] = useState([]);
  useEffect(() => {
    const found = [];
    const left = memoOf(() => leftElsewhere(pageId));
    const stand = (after, place) => {
      const host = document.createElement("div");
      after.after(host);
      found.push({ ...place, host, key: `${found.length}` });
    };
    for (const player of here.current.parentElement.querySelectorAll(".ly-media")) stand(player.closest("figure") ?? player, { player, left });
    for (const link of here.current.parentElement.querySelectorAll("[data-frame]")) stand(link, { link });
    setPlaces(found);
    return () => found.forEach(({ host }) => host.remove());
  }, [blocks]);
  return h(
    Fragment,
    null,
    h("span", { ref: here, hidden: true }),
    places.map((place) => createPortal(place.player ? h(Player, place) : h(Outside, place), place.host, place.key)),
  );
}

function Player({ player, left }) {
  const resumed = useResumed(player, left);
  const tracks = useTracks(player);
  return h(
    Fragment,
    null,
    resumed.at ? h("p", { className: "ly-play-note", role: "status" }, `Goes on at ${clock(resumed.at)}, where you left it. `, h("button", { type: "button", className: "ly-link", onClick: resumed.startOver }, "Start over")) : null,
    tracks.length > 0 ? h(Transcript, { player, tracks }) : null,
  );
}

// Where it was left: on this device, or on another where that was later.
function useResumed(player, left) {
  const [at, setAt] = useState(0);
  useEffect(() => {
    const name = `lyceum:left:${new URL(player.currentSrc || player.src || player.querySelector("source")?.src, location.href).pathname}`;
    const { block } = player.dataset;
    let kept = 0;
    let played = 0;
    let last = player.currentTime;
    let here = true;
    const keep = () => {
      kept = player.currentTime;
      const worth = kept >= WORTH_IT && kept < player.duration - WORTH_IT;
      if (worth) remember(name, `${Math.floor(kept)}@${Date.now()}`);
      else remember(name, null);
      if (block) window.dispatchEvent(new CustomEvent("ly:film", { detail: { block, position: Math.floor(kept), played, paused: player.paused } }));
      played = 0;
    };
    const goOn = async () => {
      const [own, ownAt] = (remembered(name) ?? "").split("@").map(Number);
      const other = block ? (await left())[block] : null;
      const place = other && !(ownAt > Date.parse(other.at)) ? other.position : own;
      if (!here || !(place >= WORTH_IT && place < player.duration - WORTH_IT) || player.currentTime > 0) return;
      player.currentTime = place;
      setAt(place);
    };
    const passing = () => {
      const step = player.currentTime - last;
      last = player.currentTime;
      if (step > 0 && step < LONGEST_STEP) played += step;
      if (Math.abs(player.currentTime - kept) >= KEPT_EACH && !player.paused) keep();
    };
    if (player.readyState >= 1) goOn();
    const heard = { loadedmetadata: goOn, timeupdate: passing, pause: keep, ended: keep };
    for (const [event, act] of Object.entries(heard)) player.addEventListener(event, act);
    return () => {
      here = false;
      if (player.currentTime > 0) keep();
      for (const [event, act] of Object.entries(heard)) player.removeEventListener(event, act);
    };
  }, [player]);
  const startOver = () => {
    player.currentTime = 0;
    setAt(0);
    // The button that had the focus is gone.
    player.focus();
    player.play()?.catch(() => null);
  };
  return { at, startOver };
}

// The captions that could be read: `{ label, language, track, cues }`. The cues are held here: a track that its reader switches off gives none any more.
function useTracks(player) {
  const [tracks, setTracks] = useState([]);
  useEffect(() => {
    const elements = [...player.querySelectorAll("track")];
    const read = new Map();
    const look = () => {
      for (const { track } of elements) if (track.cues?.length > 0) read.set(track, [...track.cues]);
      setTracks(elements.filter(({ track }) => read.has(track)).map(({ track, label, srclang }) => ({ label: label || srclang || "Captions", language: srclang, track, cues: read.get(track) })));
    };
    for (const element of elements) {
      element.addEventListener("load", look);
      // Without this a browser reads captions only once they are switched on.
      if (element.track.mode === "disabled") element.track.mode = "hidden";
    }
    look();
    return () => elements.forEach((element) => element.removeEventListener("load", look));
  }, [player]);
  return tracks;
}

function Transcript({ player, tracks }) {
  const [chosen, setChosen] = useState(null);
  const [at, setAt] = useState(-1);
  const box = useRef(null);
  const scrolled = useRef(0);
  // Captions come one file after the other: until one is chosen, it is the reader's language as soon as that is there.
  const shown = tracks.find(({ track }) => track === chosen) ?? tracks.find(({ language }) => language && navigator.language.startsWith(language)) ?? tracks[0];
  const { cues, language } = shown;

  useEffect(() => {
    const follow = () => setAt(cues.findLastIndex((cue) => cue.startTime <= player.currentTime + 0.05));
    follow();
    player.addEventListener("timeupdate", follow);
    player.addEventListener("seeked", follow);
    return () => {
      player.removeEventListener("timeupdate", follow);
      player.removeEventListener("seeked", follow);
    };
  }, [player, cues]);

  useEffect(() => {
    const line = box.current?.querySelector("[aria-current]");
    if (!line || Date.now() - scrolled.current < RESUMES_AFTER_SCROLL) return;
    box.current.scrollTop = line.offsetTop - (box.current.clientHeight - line.offsetHeight) / 2;
  }, [at]);

  const seek = (cue) => {
    player.currentTime = cue.startTime;
    player.play()?.catch(() => null);
  };
  const readers = () => (scrolled.current = Date.now());

  return h(
    "details",
    { className: "ly-transcript ly-follow" },
    h("summary", null, "Transcript, line by line"),
    tracks.length > 1
      ? h("label", { className: "ly-follow-language" }, "Language ", h("select", { className: "ly-input", value: tracks.indexOf(shown), onChange: (event) => setChosen(tracks[event.target.value].track) }, tracks.map(({ label }, number) => h("option", { key: number, value: number }, label))))
      : null,
    h(
      "ol",
      { ref: box, lang: language || undefined, tabIndex: 0, "aria-label": "Transcript", onWheel: readers, onTouchMove: readers, onKeyDown: readers },
      cues.map((cue, number) =>
        h("li", { key: number }, h("button", { type: "button", "aria-current": number === at ? "true" : undefined, onClick: () => seek(cue) }, h("time", null, clock(cue.startTime)), h("span", null, cue.getCueAsHTML().textContent))),
      ),
    ),
  );
}

// A video or page from elsewhere, not asked for before its reader wants it: its host would learn who reads what.
function Outside({ link }) {
  const [shown, setShown] = useState(false);
  const { frame, title, kind } = link.dataset;
  const host = new URL(frame).hostname;
  if (shown) {
    return h("iframe", {
      ref: takeFocus,
      className: "ly-frame",
      "data-kind": kind,
      src: frame,
      title: title || `From ${host}`,
      allow: "fullscreen; picture-in-picture; encrypted-media",
      allowFullScreen: true,
      referrerPolicy: "strict-origin-when-cross-origin",
      sandbox: "allow-scripts allow-same-origin allow-popups allow-forms allow-presentation",
    });
  }
  return h(
    "p",
    { className: "ly-frame-ask" },
    h("button", { type: "button", className: "ly-button", "data-kind": "default", onClick: () => setShown(true) }, kind === "video" ? "Play it here" : "Show it here"),
    h("span", null, `It comes from ${host}, which then learns that you look at it.`),
  );
}

// The button that brought the frame is gone.
const takeFocus = (frame) => frame?.focus();

function clock(seconds) {
  const whole = Math.floor(seconds);
  const parts = whole >= 3600 ? [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60] : [Math.floor(whole / 60), whole % 60];
  return parts.map((part, number) => (number ? String(part).padStart(2, "0") : part)).join(":");
}

// Where the films of a page were left, by block: `{ position, at }`. Nobody waits for it long.
async function leftElsewhere(pageId) {
  if (!pageId) return {};
  const asked = send(`/v/pages/${pageId}/films`).then(async (reply) => (reply.ok ? (await reply.json()).places : {}));
  return Promise.race([asked, new Promise((go) => setTimeout(go, PATIENCE, {}))]).catch(() => ({}));
}

function memoOf(ask) {
  let asked = null;
  return () => (asked ??= ask());
}

// A browser may forbid it.
function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Then it begins at the beginning.
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
