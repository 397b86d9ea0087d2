// Opens the editor in Chromium, takes a picture when the suite is ready for it, and waits for the suite's end.
const fs = require("node:fs");
const puppeteer = require("puppeteer-core");

const [work, log, picture] = process.argv.slice(2);
const host = `127.0.0.1:${process.env.PORT}`;
const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const said = (word) => fs.existsSync(log) && new RegExp(`^${word}`, "m").test(fs.readFileSync(log, "utf8"));

async function until(words, seconds) {
  for (let turn = 0; turn < seconds * 10 && !words.some(said); turn++) await sleep(100);
  if (!words.some(said)) throw new Error(`nothing is said: ${words}`);
}

async function up() {
  for (let turn = 0; turn < 600; turn++) {
    if (await fetch(`http://${host}/healthz`).then((answer) => answer.ok, () => false)) return;
    await sleep(100);
  }
  throw new Error("code-server does not start");
}

(async () => {
  await up();
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"], headless: true });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 860 });
    const remote = (path) => `vscode-remote://${host}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(`${work}/extension`)],
      ["extensionTestsPath", remote(`${work}/extension/suite.js`)],
    ];
    const query = `folder=${encodeURIComponent(`${work}/project`)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    await page.goto(`http://${host}/?${query}`);
    await until(["READY", "FAILED"], 120);
    await sleep(1500);
    await page.screenshot({ path: picture });
    fs.writeFileSync(`${log}.seen`, "");
    await until(["DONE", "FAILED"], 60);
  } finally {
    await browser.close();
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
