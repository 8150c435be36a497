// What blocks may ask of the page that they stand on: its quizzes, and a file of its course.
import { createContext } from "react";

export const Page = createContext({ quizzes: [], choose: () => {} });
