// Asking the server again when the time of something comes.
import { useEffect } from "react";

const HOUR = 3_600_000;
const TRIES = 5;

// Calls `ask` soon after the moment `at` (ISO 8601, "" for none): not all who wait for it in the same second. A clock that is ahead asks too early and
// hears the same moment again, so it asks a few times more, each after a longer pause. A timer for a far day is set anew each hour: devices sleep.
export function useMoment(at, ask) {
  useEffect(() => {
    if (!at) return undefined;
    let timer;
    const wait = (tries) => {
      const left = Date.parse(at) - Date.now();
      if (left > HOUR) {
        timer = setTimeout(() => wait(0), HOUR);
        return;
      }
      const pause = tries ? 10_000 * 3 ** (tries - 1) : Math.max(left, 0) + 500;
      timer = setTimeout(() => {
        ask?.();
        if (tries < TRIES) wait(tries + 1);
      }, pause + Math.random() * 2000);
    };
    wait(0);
    return () => clearTimeout(timer);
  }, [at]);
}
