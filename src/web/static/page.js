// Keeps the page up to date: stories by server-sent events, the rest by reading the page again.
// Everything is on the page without this script; whatever comes in is put there as text, never as markup.
"use strict";

const REFRESH_MS = 15000;
const SILENCE_MS = 25000;
const STORIES = 4;
// What it is, by the first line of its story.
const KINDS = { raised: "Alarm", calls_back: "Callback" };

const body = document.body;
const state = {
  reached: Number(body.dataset.after || 0),
  skew: Date.parse(body.dataset.now) - Date.now(),
  source: null,
  lastSign: Date.now(),
  isRefreshing: false,
  refreshDue: null,
};

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// --- ages --------------------------------------------------------------------------------------------------

// The same words as the server's: two units at most.
function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(s / 60), hours = Math.floor(s / 3600), days = Math.floor(s / 86400);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${minutes} min`;
  if (s < 86400) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const whole = days === 1 ? "1 day" : `${days} days`;
  return hours % 24 ? `${whole} ${hours % 24} h` : whole;
}

function tick() {
  const now = Date.now() + state.skew;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    setText(time, `${span((now - Date.parse(time.dateTime)) / 1000)} ago`);
  }
  // Nobody knows how long a call goes on that is not heard of any more.
  if (!isLost()) for (const story of document.querySelectorAll(".story")) tickStory(story, now);
  for (const time of document.querySelectorAll("time[data-in]")) {
    setText(time, span((Date.parse(time.dateTime) - now) / 1000));
  }
  showConnection();
}

// A clock beside a call that is going on; not read aloud.
function tickStory(story, now) {
  const pill = story.querySelector(".outcome.live");
  if (!pill) return;
  let clock = pill.querySelector("span");
  if (!clock) {
    clock = element("span");
    clock.setAttribute("aria-hidden", "true");
    pill.append(" ", clock);
  }
  setText(clock, into(story.dataset.arrived, now));
}

// `1:15` into a call, as the server has it.
function into(begun, at) {
  const s = Math.max(0, Math.floor(at / 1000) - Math.floor(Date.parse(begun) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(s / 60) % 60, hours = Math.floor(s / 3600);
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// A page that stands still must not look as if it were right.
function showConnection() {
  const banner = document.getElementById("connection");
  if (isLost()) setText(banner, `No connection for ${span((Date.now() - state.lastSign) / 1000)}. What you see may be out of date.`);
  banner.hidden = !isLost();
}

function isLost() {
  return Date.now() - state.lastSign > SILENCE_MS && !document.hidden;
}

// --- the stories -------------------------------------------------------------------------------------------

function storyOf(call, hotline, at, time, what = "Call") {
  const known = document.getElementById(`call-${call}`);
  if (known) return known;
  // A page about one call tells of no other.
  if (location.pathname !== "/" || !hotline) return null;
  const story = element("article", "story");
  story.id = `call-${call}`;
  story.dataset.arrived = at;
  const heading = element("h3", "", `${what} for ${hotline}, `);
  const begun = element("time", "", time);
  begun.dateTime = at;
  heading.append(begun);
  const header = element("header");
  header.append(heading, element("span", "pill outcome live", "Going on"), element("p", "in-short"));
  const scroll = element("div", "scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "group");
  scroll.setAttribute("aria-label", "What happened, and who heard what");
  scroll.append(element("ol", "lines"));
  story.append(header, scroll);
  const list = document.getElementById("story-list");
  list.prepend(story);
  for (const old of [...list.querySelectorAll(".story")].slice(STORIES)) old.remove();
  for (const old of list.querySelectorAll(".story")) if (old !== story && !old.querySelector(".live")) old.remove();
  document.getElementById("no-story").hidden = true;
  return story;
}

// The newest line stays in sight, unless somebody has scrolled back to read.
function addLine(story, kinds, at, time, ...content) {
  const scroll = story.querySelector(".scroll");
  const follows = isAtEnd(scroll);
  const line = element("li", `line ${kinds} is-new`);
  const stamp = element("time", "", into(story.dataset.arrived, Date.parse(at)));
  stamp.dateTime = at;
  stamp.title = time;
  const words = element("p");
  words.append(...content);
  line.append(stamp, words);
  story.querySelector(".lines").append(line);
  if (follows) scroll.scrollTop = scroll.scrollHeight;
  return line;
}

function isAtEnd(scroll) {
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 48;
}

function onEntry(event) {
  state.lastSign = Date.now();
  const entry = JSON.parse(event.data);
  state.reached = entry.number;
  const known = document.getElementById(`line-${entry.number}`);
  if (known && known.closest(`#call-${entry.call}`)) return;
  const story = storyOf(entry.call, entry.hotline, entry.at, entry.time, KINDS[entry.kind] || "Call");
  if (story) {
    addLine(story, `is-${entry.kind}`, entry.at, entry.time, entry.text).id = `line-${entry.number}`;
    if (entry.outcome) close(story, entry);
  }
  if (entry.kind === "arrived" || KINDS[entry.kind] || entry.kind === "ended") refreshSoon();
}

function close(story, entry) {
  const scroll = story.querySelector(".scroll");
  const follows = isAtEnd(scroll);
  const pill = story.querySelector(".outcome");
  pill.className = `pill outcome ${entry.outcome}`;
  pill.textContent = entry.outcome_words;
  setText(story.querySelector(".in-short"), entry.in_short || "");
  if (follows) scroll.scrollTop = scroll.scrollHeight;
  const answer = document.getElementById("test-answer");
  if (answer && answer.className !== "bad-text") answer.textContent = "";
}

function onHeard(event) {
  state.lastSign = Date.now();
  const heard = JSON.parse(event.data);
  const story = document.getElementById(`call-${heard.call}`);
  if (!story) return;
  const kinds = `is-heard${heard.is_caller ? " is-caller" : ""}${heard.is_speech ? " is-speech" : ""}`;
  const what = heard.is_speech ? element("q", "", heard.what) : heard.what;
  addLine(story, kinds, heard.at, heard.time, element("strong", "", heard.who), " hears ", what).setAttribute("aria-live", "off");
}

function follow() {
  const source = new EventSource(`/api/v1/events?after=${state.reached}`);
  state.source = source;
  source.addEventListener("open", () => { state.lastSign = Date.now(); });
  source.addEventListener("entry", onEntry);
  source.addEventListener("heard", onHeard);
  source.addEventListener("error", () => {
    // The browser comes back by itself after a break, but not after a refusal.
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(follow, 10000);
  });
}

// --- the rest of the page ----------------------------------------------------------------------------------

function refreshSoon() {
  clearTimeout(state.refreshDue);
  state.refreshDue = setTimeout(refresh, 400);
}

async function refresh() {
  if (state.isRefreshing || document.hidden) return;
  state.isRefreshing = true;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    // Nobody is signed in here any more.
    if (answer.redirected) return location.assign(answer.url);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    state.lastSign = Date.now();
    state.skew = Date.parse(fresh.body.dataset.now) - Date.now();
    if (document.title !== fresh.title) document.title = fresh.title;
    for (const part of document.querySelectorAll("[data-refresh]")) replace(part, fresh.getElementById(part.id));
    tick();
  } catch {
    // Shown by the silence.
  } finally {
    state.isRefreshing = false;
  }
}

// Ages go on by themselves; a screen reader is not told of them.
function withoutAges(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time[data-ago], time[data-in]")) time.textContent = "";
  return copy.innerHTML;
}

// Leaves what somebody is reading or using: opened notes stay open, a selection and the focus stay.
function replace(part, fresh) {
  if (!fresh) return;
  const selection = getSelection();
  if (!selection.isCollapsed && part.contains(selection.anchorNode)) return;
  for (const open of part.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(open.id)}`);
    if (same) same.open = true;
  }
  if (withoutAges(part) === withoutAges(fresh)) return;
  if (part.contains(document.activeElement)) return;
  part.replaceChildren(...fresh.childNodes);
}

// --- test calls --------------------------------------------------------------------------------------------

async function onTestCall(event) {
  event.preventDefault();
  const form = event.target;
  const answer = document.getElementById("test-answer");
  const buttons = document.querySelectorAll("#test-call button");
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  buttons.forEach((button) => { button.disabled = true; });
  answer.className = "";
  answer.textContent = "Placing the call …";
  try {
    const reply = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    const words = await reply.json();
    // Having to wait for another call is no error.
    answer.className = reply.ok ? "" : reply.status === 409 ? "warn-text" : "bad-text";
    answer.textContent = reply.ok ? "The call is placed. Its story follows." : words.error.message;
    if (reply.ok) showStories();
  } catch {
    answer.className = "bad-text";
    answer.textContent = "The call could not be placed: no connection.";
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
    if (event.submitter) event.submitter.focus({ preventScroll: true });
  }
}

// --- callbacks ---------------------------------------------------------------------------------------------

async function onCallback(event) {
  const form = event.target.closest(".callbacks form");
  if (!form) return;
  event.preventDefault();
  const answer = form.closest(".callbacks").querySelector(".callback-answer");
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  event.submitter?.blur();
  answer.className = "callback-answer";
  answer.textContent = "";
  try {
    const reply = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    if (reply.ok) return refreshSoon();
    answer.className = reply.status === 409 ? "callback-answer warn-text" : "callback-answer bad-text";
    answer.textContent = (await reply.json()).error.message;
  } catch {
    answer.className = "callback-answer bad-text";
    answer.textContent = "That could not be done: no connection.";
  }
}

// On a small screen the story stands below what was pressed.
function showStories() {
  const stories = document.getElementById("stories");
  if (stories.getBoundingClientRect().top > innerHeight / 3) stories.scrollIntoView({ block: "start" });
}

if (body.dataset.after !== undefined) {
  for (const pill of document.querySelectorAll(".outcome.live")) {
    const scroll = pill.closest(".story")?.querySelector(".scroll");
    if (scroll) scroll.scrollTop = scroll.scrollHeight;
  }
  follow();
  tick();
  setInterval(tick, 1000);
  setInterval(refresh, REFRESH_MS);
  document.addEventListener("visibilitychange", () => {
    // A hidden page was not refreshed; it gets a moment before its silence counts.
    state.lastSign = Math.max(state.lastSign, Date.now() - SILENCE_MS + 5000);
    refresh();
  });
  document.addEventListener("submit", onCallback);
  document.querySelectorAll("#test-call form").forEach((form) => form.addEventListener("submit", onTestCall));
}
