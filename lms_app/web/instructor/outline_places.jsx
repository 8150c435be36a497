// Which part of the course is chosen: kept in the address behind "#", so that a reload and the way back find it again. Nothing is asked of the server.
import { useCallback, useMemo, useRef } from "react";
import { useLocation, useNavigate } from "react-router";

const CHOSEN = /^#((?:module|lesson|page|quiz)-[0-9a-f-]{36}|course|outline)(\/analytics)?$/;

// "" while nothing is chosen, which on a wide screen shows the course. Of a page or quiz its figures may stand there in place of its editor.
export function useChosen() {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const last = useRef("");
  const figures = useRef(false);
  const [, told, suffix] = CHOSEN.exec(hash) ?? [];
  // Another place behind "#", such as where the page's content begins, changes nothing.
  if (told !== undefined || !hash) {
    last.current = told === "outline" ? "" : (told ?? "");
    figures.current = Boolean(suffix);
  }
  const chosen = last.current;
  const shown = figures.current;
  // Whoever goes from page to page by their figures goes on so.
  const suffixed = (key) => `#${key || "outline"}${shown && /^(page|quiz)-/.test(key) ? "/analytics" : ""}`;
  const choose = useCallback((key, replace = false) => navigate({ pathname, search, hash: suffixed(key) }, { preventScrollReset: true, replace }), [navigate, pathname, search, shown]);
  const show = useCallback((some) => navigate({ pathname, search, hash: `#${chosen}${some ? "/analytics" : ""}` }, { preventScrollReset: true }), [navigate, pathname, search, chosen]);
  return useMemo(() => [chosen, choose, shown, show], [chosen, choose, shown, show]);
}
