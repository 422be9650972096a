// Makes docs/page.png, the picture in the README, of a running demo:
//   make demo ARGS="--listen 127.0.0.1:8091"
//   npm install --no-save playwright-core sharp && node docs/page.mjs LINK docs/page.png
// LINK is the one that the demo prints: it signs in once.
// Runs on Chromium: CHROMIUM names it, CHROMIUM_ARGS what else it needs to be told.
import { chromium } from "playwright-core";
import sharp from "sharp";

const [address, picture] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: (process.env.CHROMIUM_ARGS || "").split(" ").filter(Boolean),
});
const page = await browser.newPage({ viewport: { width: 1200, height: 2000 }, colorScheme: "light" });
// The page follows the calls for ever: its network is never idle.
await page.goto(address, { waitUntil: "load" });
await page.getByRole("button", { name: "Sign in" }).click();
await page.getByRole("button", { name: "The voicemail of the first on call answers" }).click();
await page.waitForSelector(".story .outcome.served", { timeout: 120_000 });
// The last one hangs up, and the list of calls is read again.
await page.waitForTimeout(5_000);
await page.mouse.move(0, 0);
await page.evaluate(() => document.activeElement.blur());
await sharp(await page.screenshot()).png({ palette: true, colours: 128 }).toFile(picture);
await browser.close();
