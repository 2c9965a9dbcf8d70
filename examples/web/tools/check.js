// Uses the page in a headless Chromium, over a line that breaks: starts, watches, reloads, answers and
// cancels executions, and compares what the page shows with what the server has sent.
// `npm ci && npm run check -- target/debug/examples/web`; SCREENSHOTS names a directory for pictures.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { line } from "./line.js";

const [program] = process.argv.slice(2);
assert(program, "say which program: npm run check -- path/to/target/debug/examples/web");
const pictures = process.env.SCREENSHOTS;

/** The text of a stream of events of something that has ended: each step, and what it says. */
function transcript(stream) {
  const steps = [];
  for (const block of stream.split("\n\n")) {
    const data = block.match(/^data: (.*)$/m)?.[1];
    const item = data && /^id: /m.test(block) ? JSON.parse(data) : {};
    if (item.kind === "step") steps.push([item.title, ""]);
    if (item.kind === "word") steps.at(-1)[1] += item.text;
    if (item.kind === "answered") {
      const { verdict, reason } = item.verdict;
      steps.push(["The editor", verdict === "publish" ? "Publish it." : `Different, please: ${reason}`]);
    }
  }
  return steps;
}

/** The same, as the page shows it. */
const shown = (card) => card.locator(".steps li").evaluateAll((steps) =>
  steps.map((li) => [li.querySelector("h3").textContent, li.querySelector("p").textContent]));

const card = (page, topic) => page.locator("article", { hasText: topic });
const state = (card, state) => card.and(card.page().locator(`[data-state=${state}]`)).waitFor();

/** Waits until the last step of a card has some words. */
async function some(card, title) {
  const step = card.locator(".steps li", { hasText: title }).last();
  await step.locator("p", { hasText: / \S+ \S+ / }).waitFor();
}

async function picture(page, name) {
  if (!pictures) return;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
}

async function start(page, topic) {
  await page.getByLabel("What is the article about?").fill(topic);
  await page.getByRole("button", { name: "Start" }).click();
  await card(page, topic).waitFor();
}

async function check(browser, server, cut) {
  const errors = [];
  const open = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(server);
    return page;
  };
  const desk = await open({ viewport: { width: 1280, height: 800 } });
  const phone = await open({ viewport: { width: 360, height: 740 }, hasTouch: true });
  await desk.getByText("Nothing has been started yet.").waitFor();
  await picture(desk, "empty");

  // One execution, on a line that breaks in the middle, on two pages, one of which is reloaded.
  const harbour = "the old harbour";
  await start(desk, harbour);
  await some(card(desk, harbour), "Looking things up");
  assert(cut() > 0);
  await some(card(desk, harbour), "Outlining");
  await start(desk, "rivers");
  await some(card(desk, harbour), "Draft 1");
  await picture(desk, "writing");
  await desk.reload();
  cut();
  await state(card(desk, harbour), "asks");
  await state(card(phone, harbour), "asks");
  await picture(desk, "asking");
  await picture(phone, "phone-asking");

  // An answer from each of the two pages.
  await card(phone, harbour).getByLabel("Or what should change?").fill("mention the lighthouse");
  await card(phone, harbour).getByRole("button", { name: "Redraft" }).click();
  await some(card(desk, harbour), "Draft 2");
  assert(cut() > 0);
  await state(card(desk, harbour), "asks");
  await card(desk, harbour).getByRole("button", { name: "Publish" }).click();

  // Another is cancelled while it is being written, and one while it asks.
  await start(desk, "bridges");
  await some(card(desk, "bridges"), "Looking things up");
  await desk.getByRole("button", { name: "Cancel bridges" }).click();
  await state(card(desk, "bridges"), "cancelled");
  await state(card(phone, "bridges"), "cancelled");
  await state(card(desk, "rivers"), "asks");
  await desk.getByRole("button", { name: "Cancel rivers" }).click();
  await state(card(phone, "rivers"), "cancelled");

  // All is over, and both pages show all of it, once.
  for (const page of [desk, phone]) await state(card(page, harbour), "published");
  const executions = await (await fetch(`${server}/executions`)).json();
  assert.deepEqual(executions.map(({ topic, ended }) => [topic, ended]),
    [["bridges", true], ["rivers", true], [harbour, true]]);
  for (const { id, topic } of executions) {
    const sent = transcript(await (await fetch(`${server}/executions/${id}/events`)).text());
    for (const page of [desk, phone]) assert.deepEqual(await shown(card(page, topic)), sent);
    console.log(`${topic}: ${sent.length} steps, on two pages and a line that broke`);
  }
  const [last] = await card(desk, harbour).locator(".result").allTextContents();
  assert.match(last, /since the editor asked: mention the lighthouse\.\s*$/);

  // More of them than there are connections: none is stuck, and each can be looked at.
  const many = ["clouds", "rain", "snow", "wind"];
  for (const topic of many) await start(desk, topic);
  await state(card(desk, "clouds"), "unseen");
  await card(desk, "clouds").getByRole("button", { name: "Follow this one" }).click();
  await some(card(desk, "clouds"), "Looking things up");
  await picture(desk, "many");
  await picture(phone, "phone-many");
  for (const topic of many) {
    await desk.getByRole("button", { name: `Cancel ${topic}` }).click();
    await state(card(desk, topic), "cancelled");
  }

  // What is wrong is said.
  await desk.getByLabel("What is the article about?").fill("   ");
  await desk.getByRole("button", { name: "Start" }).click();
  await desk.getByText("The topic is empty: say something.").waitFor();
  const wide = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(wide, 0, "the page is wider than a phone");
  assert.deepEqual(errors, []);
  return { desk, phone };
}

/** The server stops: the pages say so. */
async function check_stop({ desk }, running, server) {
  await start(desk, "ice");
  await some(card(desk, "ice"), "Looking things up");
  running.kill("SIGINT");
  const [code] = await once(running, "exit");
  assert.equal(code, 0);
  await state(card(desk, "ice"), "lost");
  await picture(desk, "lost");
  await desk.getByLabel("What is the article about?").fill("fog");
  await desk.getByRole("button", { name: "Start" }).click();
  await desk.getByText("The server does not answer: is it still running?").waitFor();
  console.log(`stopped in good order at ${server}`);
}

const running = spawn(program, ["0"], { stdio: ["ignore", "pipe", "inherit"] });
let browser, cable;
try {
  const [said] = await once(createInterface(running.stdout), "line");
  cable = await line(Number(said.match(/:(\d+)$/)[1]));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  const pages = await check(browser, cable.address, cable.cut);
  await check_stop(pages, running, cable.address);
} finally {
  await browser?.close();
  cable?.close();
  running.kill();
}
