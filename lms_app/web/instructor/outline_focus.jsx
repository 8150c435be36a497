// The focus of a row that may not be drawn yet.
const FRAME_MS = 16;
const FRAMES = 30;

// Gives the focus to what `find` finds within half a second, or else to what `otherwise` gives; to neither once the focus has gone elsewhere.
export function focusDrawn(find, otherwise, frames = FRAMES, before = document.activeElement) {
  setTimeout(() => {
    const now = document.activeElement;
    if (now !== before && now !== document.body) return;
    const found = find();
    if (found || !frames) (found ?? otherwise?.())?.focus();
    else focusDrawn(find, otherwise, frames - 1, before);
  }, FRAME_MS);
}
