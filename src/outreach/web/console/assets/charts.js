// Draws what the page gives as data: [["name", value, …], …] in data-bars. What is drawn stands in a table beside it, too.
"use strict";

const INK = "#22292f", COLORS = ["#1f5b93", "#a3261d"];

function draw(element) {
  const rows = JSON.parse(element.dataset.bars);
  const series = JSON.parse(element.dataset.series);
  element.classList.add("drawn");
  const chart = echarts.getInstanceByDom(element) ?? echarts.init(element, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: COLORS,
    grid: { left: 8, right: 48, top: series.length > 1 ? 28 : 4, bottom: 4, containLabel: true },
    legend: { show: series.length > 1, top: 0, left: 0, textStyle: { color: INK } },
    xAxis: { type: "value", minInterval: 1, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row[0]), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: INK } },
    series: series.map((name, index) => ({
      name, type: "bar", barMaxWidth: 18, data: rows.map((row) => row[index + 1]), label: { show: true, position: "right", color: INK },
    })),
  });
}

function drawAll(within) {
  within.querySelectorAll("[data-bars]").forEach(draw);
}

document.addEventListener("DOMContentLoaded", () => drawAll(document));
document.addEventListener("htmx:afterSwap", () => drawAll(document));
window.addEventListener("resize", () => {
  document.querySelectorAll("[data-bars]").forEach((element) => echarts.getInstanceByDom(element)?.resize());
});
