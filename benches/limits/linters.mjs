// node linters.mjs LINTER ANSWERS.jsonl: lints every answer, and prints how many remarks there were.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [linter, path] = process.argv.slice(2);
// Found beside the working directory, where they were installed.
const require = createRequire(process.cwd() + "/");
const load = (name) => import(require.resolve(name));
const linters = {
  "write-good": async () => (await load("write-good")).default,
  alex: async () => {
    const { text } = await load("alex");
    return (answer) => text(answer).messages;
  },
};
const lint = await linters[linter]();
let remarks = 0;
for (const line of readFileSync(path, "utf8").split("\n")) {
  if (line) remarks += lint(JSON.parse(line).answer).length;
}
console.log(remarks);
