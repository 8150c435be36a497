// Tells the page once a minute, while it is seen, that time has passed: what happened "in the last five minutes" moves without anybody's act.
import { useEffect, useRef } from "react";

const MINUTE = 60_000;

export function EveryMinute({ onMinute }) {
  const told = useRef(onMinute);
  told.current = onMinute;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && told.current(), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return null;
}
