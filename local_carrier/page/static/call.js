// Calls on the phone page: ringing, the lines as they are spoken, and what a person says in the customer's place.
// Shares $, ask, make, open, spaced and clockTime with phone.js, which is loaded before.
"use strict";

const CALL_POLL_MS = 400;
const WHO = { bank: "银行", callee: "客户", carrier: "系统", dialled: "坐席" };
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const CALL_STATES = {
  queued: "排队等待呼出", initiated: "正在呼叫", ringing: "来电响铃", "in-progress": "通话中", completed: "通话已结束",
  busy: "忙线或被拒接", "no-answer": "无人接听", failed: "号码不通", canceled: "银行已取消",
};
const LIVE = ["ringing", "in-progress"];

let call = null;         // the newest call of the phone that is open
let drawnCall = "";
let spoken = { sid: "", lines: 0 };      // how much of which call was read aloud
let recogniser = null;

for (const key of KEYS) {
  const button = make("button", "", key);
  button.type = "button";
  button.addEventListener("click", () => act({ digits: key }));
  $("keypad").append(button);
}
$("pick-up").addEventListener("click", () => phoneDoes("answer"));
$("turn-down").addEventListener("click", () => phoneDoes("reject"));
$("hang-up").addEventListener("click", () => act({ hang_up: true }));
$("speak").addEventListener("submit", async (event) => {
  event.preventDefault();
  const speech = $("words").value.trim();
  if (speech && await act({ speech })) $("words").value = "";
});
$("aloud").addEventListener("change", () => { if (!$("aloud").checked) hush(); });

prepareMicrophone();
followCalls();

async function followCalls() {
  for (;;) {
    if (!document.hidden) await refreshCall();
    await new Promise((resolve) => setTimeout(resolve, CALL_POLL_MS));
  }
}

async function refreshCall() {
  const number = open;
  const list = number ? await ask("GET", "/calls?" + new URLSearchParams({ to: number, limit: 1 })) : { calls: [] };
  if (!list) return;                // the page says so already
  const newest = list.calls[0];
  const heard = newest ? await ask("GET", "/calls/" + newest.sid, undefined, [404]) : null;
  if (number !== open) return;      // another phone was opened meanwhile
  call = heard || null;
  const now = JSON.stringify([open, call]);
  if (now === drawnCall) return;
  drawnCall = now;
  drawCall();
}

function drawCall() {
  const live = Boolean(call) && LIVE.includes(call.status);
  const panel = $("call");
  panel.hidden = !call;
  if (!call) {
    hush();
    return;
  }
  if (live && !panel.classList.contains("live")) panel.open = true;
  panel.classList.toggle("live", live);
  const seconds = call.status === "completed" ? "，" + Math.round(call.seconds) + " 秒" : "";
  $("call-state").textContent = CALL_STATES[call.status] + seconds + " · " + spaced(call.from) + " · " + clockTime(call.product_at);
  $("ringing").hidden = call.status !== "ringing";
  $("talk").hidden = call.status !== "in-progress";
  const lines = $("lines");
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60;
  lines.replaceChildren(...call.lines.map(drawLine));
  if (atEnd) lines.scrollTop = lines.scrollHeight;
  readAloud(live);
  if (!live) stopListening();
}

function drawLine(line) {
  const item = make("li", line.who + (line.cut ? " cut" : ""));
  const text = line.kind === "keys" ? "按键 " + line.text : line.kind === "sound" ? "（" + line.text + "）" : line.text;
  item.append(make("span", "who", WHO[line.who]), make("p", "", text));
  return item;
}

function readAloud(live) {
  if (spoken.sid !== call.sid) spoken = { sid: call.sid, lines: live ? 0 : call.lines.length };
  const fresh = call.lines.slice(spoken.lines);
  spoken.lines = call.lines.length;
  if (!live) hush();
  if (!live || !$("aloud").checked || !window.speechSynthesis) return;
  // What the other end said while the last line was still read is newer: it is read at once.
  if (fresh.length) hush();
  for (const line of fresh) {
    const mine = line.who === "callee" && $("taken").checked;
    if (mine || line.kind !== "speech") continue;
    const words = new SpeechSynthesisUtterance(line.text);
    words.lang = "zh-CN";
    speechSynthesis.speak(words);
  }
}

function hush() {
  if (window.speechSynthesis) speechSynthesis.cancel();
}

async function phoneDoes(what) {
  await ask("POST", "/calls/" + open + "/" + what);
  await refreshCall();
}

async function act(what) {
  // A key counts when it is pressed. Words count at once where the bank can be interrupted, else they wait for its question.
  const interrupt = Boolean(what.digits) || Boolean(call && call.interruptible);
  const answer = await ask("POST", "/calls/" + open + "/say", { ...what, interrupt });
  await refreshCall();
  return answer;
}

function prepareMicrophone() {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Recognition) return;
  $("microphone").hidden = false;
  $("microphone").title = "由浏览器识别，声音可能交给浏览器厂商处理";
  $("microphone").addEventListener("click", () => {
    if (recogniser) {
      stopListening();
      return;
    }
    recogniser = new Recognition();
    recogniser.lang = "zh-CN";
    recogniser.onresult = (event) => {
      const best = event.results[event.results.length - 1][0];
      act({ speech: best.transcript.slice(0, 1000), confidence: Math.min(Math.max(best.confidence, 0), 1) });
    };
    recogniser.onend = () => { recogniser = null; $("microphone").setAttribute("aria-pressed", "false"); };
    recogniser.start();
    $("microphone").setAttribute("aria-pressed", "true");
  });
}

function stopListening() {
  if (recogniser) recogniser.stop();
}
