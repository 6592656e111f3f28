// The phone page. Everything that people wrote goes into the page as text, never as markup.
"use strict";

const POLL_MS = 1000;
const PAGE = 60;
const ZONE = "Asia/Shanghai";   // the customers' clock, wherever the browser is
const STATES = {
  accepted: "已受理", queued: "排队中", sending: "发送中", sent: "已发出", delivered: "已送达",
  undelivered: "未送达", failed: "发送失败", canceled: "已撤回", received: "已发送",
};

const $ = (id) => document.getElementById(id);
const path = (number) => "/phones/" + number;
let open = numberInAddress();
let shown = PAGE;
let drawn = {};          // what each part showed last, so that an unchanged part is left alone

addEventListener("popstate", () => { open = numberInAddress(); drawn = {}; refresh(); });
$("back").addEventListener("click", (event) => { event.preventDefault(); go(""); });
$("search").addEventListener("input", () => { shown = PAGE; refresh(); });
$("more").addEventListener("click", () => { shown += PAGE; refresh(); });
$("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const number = typed();
  if (number) go(number);
});
$("taken").addEventListener("change", async () => {
  await ask("PUT", "/handsets/" + open + "/hand", { taken: $("taken").checked });
  refresh();
});
$("body").addEventListener("keydown", (event) => {
  // While Chinese is being composed, Enter only picks the word.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("write").requestSubmit();
  }
});
$("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = $("body").value;
  if (!body.trim()) return;
  const answer = await ask("POST", "/handsets/" + open + "/messages", { body });
  if (answer) $("body").value = "";
  refresh();
});

keepFresh();

async function keepFresh() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function refresh() {
  const number = open;
  document.body.classList.toggle("reading", Boolean(number));
  $("choose").hidden = Boolean(number);
  $("phone").hidden = !number;
  const query = new URLSearchParams({ q: $("search").value.trim(), limit: shown });
  const [list, clock, phone] = await Promise.all([
    ask("GET", "/handsets?" + query), ask("GET", "/clock"), number ? ask("GET", "/handsets/" + number, undefined, [404]) : null,
  ]);
  if (number !== open) return;      // another phone was opened meanwhile, and its own answer is on the way
  if (list) once("list", [list, open], () => drawList(list));
  if (clock) once("clock", clock, () => drawClock(clock));
  if (open && phone !== null) once("phone", [open, phone], () => drawPhone(phone));
}

function drawList(list) {
  const rows = list.handsets.map((handset) => {
    const row = make("a", handset.number === open ? "here" : "");
    row.href = path(handset.number);
    row.addEventListener("click", (event) => { event.preventDefault(); go(handset.number); });
    const top = make("span", "top");
    top.append(make("strong", "", spaced(handset.number)), make("time", "", handset.last ? clockTime(handset.last.at) : ""));
    const last = handset.last ? (handset.last.mine ? "我：" : "") + (handset.last.body || "[图片]") : "没有短信";
    const call = { ringing: "来电响铃", "in-progress": "通话中" }[handset.call];
    row.append(top, make("span", call ? "last rings" : "last", call || last), make("span", "who", (handset.taken ? "手动 · " : "") + handset.title));
    const item = make("li");
    item.append(row);
    return item;
  });
  $("handsets").replaceChildren(...rows);
  $("more").hidden = list.total <= list.handsets.length;
  $("nothing").hidden = rows.length > 0;
  $("nothing").textContent = typed() ? "没有这部手机，按回车打开它。" : "还没有手机收到过短信或来电。";
}

function drawClock(clock) {
  const now = new Date(clock.now).toLocaleString("zh-CN", {
    month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: ZONE,
  });
  $("clock").textContent = "业务时间 " + now + (clock.rate === 1 ? "" : " · " + clock.rate + " 倍速");
}

function drawPhone(phone) {
  $("number").textContent = spaced(open);
  $("who").textContent = phone ? phone.title : "新手机，发第一条短信或来电后出现";
  $("taken").checked = Boolean(phone && phone.taken);
  $("hand").hidden = !phone;
  $("blocked").hidden = !(phone && phone.opted_out.length);
  const thread = $("thread");
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
  const sameDay = { day: "" };
  const bubbles = (phone ? phone.thread : []).map((message) => bubble(message, sameDay));
  if (phone && phone.length > phone.thread.length) {
    bubbles.unshift(make("li", "note", "更早的 " + (phone.length - phone.thread.length) + " 条未显示"));
  }
  thread.replaceChildren(...bubbles);
  if (atEnd) thread.scrollTop = thread.scrollHeight;
}

function bubble(message, sameDay) {
  const item = make("li", message.mine ? "mine" : "bank");
  const day = new Date(message.at).toLocaleDateString("zh-CN", { month: "long", day: "numeric", timeZone: ZONE });
  if (day !== sameDay.day) {
    item.append(make("span", "day", day));
    sameDay.day = day;
  }
  const failed = ["undelivered", "failed"].includes(message.status);
  item.append(make("p", "", message.body || "[图片 " + message.num_media + "]"));
  const code = message.error_code ? "（" + message.error_code + "）" : "";
  item.append(make("small", failed ? "failed" : "", clockTime(message.at) + " · " + STATES[message.status] + code));
  return item;
}

async function ask(method, where, body, accepted = []) {
  const options = { method };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch("/control" + where, options);
    if (accepted.includes(answer.status)) return false;
    const content = await answer.json();
    if (!answer.ok) throw new Error(typeof content.detail === "string" ? content.detail : "请求被拒绝");
    $("problem").hidden = true;
    return content;
  } catch (error) {
    $("problem").textContent = error instanceof TypeError ? "连不上本地运营商，正在重试。" : error.message;
    $("problem").hidden = false;
    return null;
  }
}

function go(number) {
  open = number;
  drawn = {};
  $("thread").replaceChildren();
  history.pushState(null, "", number ? path(number) : "/");
  refresh();
}

function once(part, data, draw) {
  const now = JSON.stringify(data);
  if (drawn[part] === now) return;
  drawn[part] = now;
  draw();
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function typed() {
  const digits = $("search").value.replace(/[\s()-]/g, "");
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits;
  return /^1[3-9]\d{9}$/.test(digits) ? "+86" + digits : "";
}

function numberInAddress() {
  const found = decodeURIComponent(location.pathname).match(/^\/phones\/(\+[1-9]\d{6,14})$/);
  return found ? found[1] : "";
}

function spaced(number) {
  return number.replace(/^(\+86)(\d{3})(\d{4})(\d{4})$/, "$1 $2 $3 $4");
}

function clockTime(iso) {
  return new Date(iso).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: ZONE });
}
