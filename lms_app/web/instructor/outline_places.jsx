// Which part of the course is chosen: kept in the address behind "#", so that a reload and the way back find it again. Nothing is asked of the server.
import { useCallback, useMemo, useRef } from "react";
import { useLocation, useNavigate } from "react-router";

const CHOSEN = /^#((?:module|lesson|page|quiz)-[0-9a-f-]{36}|course|outline)$/;

// "" while nothing is chosen, which on a wide screen shows the course.
export function useChosen() {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const last = useRef("");
  const told = CHOSEN.exec(hash)?.[1];
  // Another place behind "#", such as where the page's content begins, changes nothing.
  if (told !== undefined || !hash) last.current = told === "outline" ? "" : (told ?? "");
  const chosen = last.current;
  const choose = useCallback((key, replace = false) => navigate({ pathname, search, hash: `#${key || "outline"}` }, { preventScrollReset: true, replace }), [navigate, pathname, search]);
  return useMemo(() => [chosen, choose], [chosen, choose]);
}
