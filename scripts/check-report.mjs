// Looks at reports as a reader does: see check-report.sh. Needs puppeteer-core and axe-core in NODE_PATH's folder.
import { createRequire } from "node:module";
import { mkdtempSync, rmSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, basename } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, chromium, shots, ...pages] = process.argv.slice(2);
const require = createRequire(join(modules, "index.js"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const profile = mkdtempSync(join(tmpdir(), "starcue-chromium-"));
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await puppeteer.launch({ executablePath: chromium, args: flags, userDataDir: profile });

let faults = 0;
const fault = (page, what) => { faults += 1; console.error(`${page}: ${what}`); };

for (const file of pages) {
  const name = basename(file, ".html");
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => { if (!/^(file|data):/.test(request.url())) asked.push(request.url()); });
  page.on("console", (line) => { if (line.type() === "error") fault(name, `the browser complains: ${line.text()}`); });
  await page.setBypassCSP(true); // for axe alone: the page itself forbids every script
  await page.setViewport({ width: 900, height: 900 });
  await page.goto(pathToFileURL(file).href);

  const found = await page.evaluate(() => ({
    scripts: document.querySelectorAll("script, iframe, object, embed, form, base").length,
    handlers: [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
    outside: [...document.querySelectorAll("[src], link[href], a[href]")].filter((e) => !(e.getAttribute("href") ?? "").startsWith("#")).length,
    charts: [...document.querySelectorAll("svg:not([aria-hidden])")].filter((s) => !s.querySelector("title")?.textContent || !s.querySelector("desc")?.textContent).length,
    ids: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    lost: [...document.querySelectorAll("a[href^='#']")].filter((a) => !document.getElementById(a.getAttribute("href").slice(1))).length,
  }));
  if (found.scripts) fault(name, `${found.scripts} elements that act`);
  if (found.handlers) fault(name, `${found.handlers} event handlers`);
  if (found.outside) fault(name, `${found.outside} links lead out of the page`);
  if (found.charts) fault(name, `${found.charts} charts without a title or a description`);
  if (found.ids.length) fault(name, `ids that stand twice: ${found.ids.slice(0, 5)}`);
  if (found.lost) fault(name, `${found.lost} links lead nowhere`);

  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width: 900, height: 1200 });
    await page.screenshot({ path: join(shots, `${name}-${scheme}.png`) });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    for (const v of violations) {
      const line = `axe, ${scheme}, ${v.impact}: ${v.id}: ${v.help} (${v.nodes.length}: ${v.nodes[0].html.slice(0, 120)})`;
      if (["serious", "critical"].includes(v.impact)) fault(name, line); else console.error(`${name}: note: ${line}`);
    }
  }

  await page.setViewport({ width: 360, height: 740 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 360) fault(name, `scrolls sideways at 360 px: ${wide} px wide`);
  await page.screenshot({ path: join(shots, `${name}-narrow.png`) });

  // By keyboard alone: Tab reaches every mark, and what it says shows.
  await page.setViewport({ width: 900, height: 900 });
  await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); });
  const marks = await page.evaluate(() => document.querySelectorAll("mark a").length);
  const stops = await page.evaluate(() => document.querySelectorAll("a[href], [tabindex='0']").length);
  const reached = new Set();
  for (let i = 0; i < Math.min(stops, 400) && reached.size < Math.min(marks, 60); i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e?.parentElement || e.parentElement.tagName !== "MARK") return null;
      const tip = document.getElementById(e.getAttribute("aria-describedby"));
      const box = tip?.getBoundingClientRect();
      const seen = box && box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight;
      return { id: tip?.id ?? "none", seen: Boolean(seen && tip.textContent.trim()) };
    });
    if (!at) continue;
    if (!at.seen) fault(name, `the words of ${at.id} are not explained when the keyboard is on them`);
    reached.add(at.id);
  }
  if (reached.size < Math.min(marks, 60)) fault(name, `the keyboard reached ${reached.size} of ${marks} marks`);
  if (reached.size) await page.screenshot({ path: join(shots, `${name}-keyboard.png`) });

  const pdf = Buffer.from(await page.pdf({ format: "A4", printBackground: true }));
  writeFileSync(join(shots, `${name}.pdf`), pdf);
  if (pdf.subarray(0, 5).toString() !== "%PDF-" || pdf.length < 5000) fault(name, "no PDF came out");
  if (asked.length) fault(name, `asks the network for ${asked[0]}`);
  console.log(`${name}: ${marks} marks, ${reached.size} by keyboard, ${wide} px at 360, PDF ${Math.round(pdf.length / 1024)} KiB`);
  await page.close();
}
await browser.close();
rmSync(profile, { recursive: true, force: true });
process.exit(faults ? 1 : 0);
