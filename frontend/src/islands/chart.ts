// Charts drawn from a JSON block inside the element, in the colours of the tokens; the table beside them is the fallback.
// {"kind": "bar|column|line|steps|funnel|pie", "categories": [...], "series": [{"name", "values": ["12.50", …], "role": "now|compare|part", "bad": [3]}],
//  "unit": "₴", "labels": true, "links": ["/…"]}
// `steps`: categories are ISO dates, each value holds until the next one; series are told apart at their ends.
import { BarChart, FunnelChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { init, use, type EChartsCoreOption, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { shown as day } from "../lib/date.ts";
import { parts } from "../lib/decimal.ts";
import { h, json } from "../lib/dom.ts";
import { go } from "../lib/navigate.ts";

use([BarChart, FunnelChart, LineChart, PieChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

interface Series { name: string; values: (string | null)[]; role?: "now" | "compare" | "part"; bad?: number[] }
interface Data { kind: "bar" | "column" | "line" | "steps" | "funnel" | "pie"; categories: string[]; series: Series[]; unit?: string; labels?: boolean; links?: string[] }

/** Resolves light-dark() and oklch() of a token to what ECharts can parse. */
function token(probe: HTMLElement, cv: CanvasRenderingContext2D, name: string): string {
  probe.style.color = `var(${name})`;
  cv.clearRect(0, 0, 1, 1);
  cv.fillStyle = getComputedStyle(probe).color;
  cv.fillRect(0, 0, 1, 1);
  const [r, g, b] = cv.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
}

function colours() {
  const probe = document.body.appendChild(h("i", { hidden: true }));
  const cv = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const get = (n: string) => (cv ? token(probe, cv, n) : "#888");
  const all = { ink: get("--k-ink"), ink2: get("--k-ink-2"), ink3: get("--k-ink-3"), line: get("--k-line"), raised: get("--k-raised"), accent: get("--k-accent"), mid: get("--k-accent-mid"), warn: get("--k-warn"), pos: get("--k-pos"), bad: get("--k-neg-fill"), surface: get("--k-surface") };
  probe.remove();
  return all;
}

const font = '"Inter Variable", Inter, "Segoe UI", system-ui, sans-serif';
/** Only the picture is a float; figures shown come from the decimal strings. */
const num = (v: string | null | undefined): number => Number(v ?? 0);

function option(d: Data, el: HTMLElement): EChartsCoreOption {
  const c = colours();
  const text = { fontFamily: font, fontSize: 12, color: c.ink2 };
  const shown = (v: string | null | undefined) => (v === null || v === undefined ? "—" : parts(v).join("") + (d.unit ? ` ${d.unit}` : ""));
  const short = (v: string | null | undefined) => (v ? parts(v.replace(/\.\d+$/, ""))[0] : "");
  const colour = (s: Series, i: number) => (s.bad?.includes(i) ? c.bad : s.role === "compare" || (s.role !== "part" && d.series.some(x => x.role === "part")) ? c.mid : c.accent);
  const base: EChartsCoreOption = {
    animation: false, textStyle: text, aria: { enabled: false },
    tooltip: {
      trigger: d.kind === "pie" || d.kind === "funnel" ? "item" : "axis", renderMode: "richText", backgroundColor: c.raised, borderColor: c.line, borderWidth: 1, padding: [6, 10], textStyle: { ...text, color: c.ink }, axisPointer: { type: d.kind === "line" || d.kind === "steps" ? "line" : "shadow", shadowStyle: { color: c.line, opacity: 0.35 }, lineStyle: { color: c.line } },
      formatter: (p: unknown) => {
        const all = (Array.isArray(p) ? p : [p]) as { dataIndex: number; seriesIndex: number }[];
        const i = all[0]?.dataIndex ?? 0;
        return [d.kind === "steps" ? day(d.categories[i] ?? "") : d.categories[i] ?? "", ...all.map(x => d.series[x.seriesIndex]).filter(s => s !== undefined).map(s => `${s.name}: ${shown(s.values[i])}`)].join("\n");
      },
    },
  };
  const wide = el.clientWidth;
  if (d.kind === "bar") {
    const label = Math.min(170, Math.round(wide * 0.3));
    const side = d.series.some(s => s.role === "compare");
    return { ...base, grid: { left: label + 3, right: 96, top: 4, bottom: 4 }, xAxis: { type: "value", show: false },
      yAxis: { type: "category", inverse: true, data: d.categories, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...text, width: label - 4, align: "left", margin: label, padding: [0, 0, 0, -3], overflow: "truncate" } },
      series: d.series.map(s => ({ name: s.name, type: "bar", barGap: d.series.some(x => x.role === "part") ? "-100%" : "12%", barWidth: s.role === "compare" ? 7 : side ? 22 : 16,
        data: s.values.map((v, i) => ({ value: num(v), itemStyle: { color: colour(s, i), borderRadius: 3 } })),
        label: { show: s.role !== "part" && d.labels !== false, position: "right", color: s.role === "compare" ? c.ink3 : c.ink, fontFamily: font, fontSize: s.role === "compare" ? 11 : 12, formatter: (p: { dataIndex: number }) => short(s.values[p.dataIndex]) } })) };
  }
  if (d.kind === "funnel" || d.kind === "pie") {
    const s = d.series[0];
    const tints = d.categories.map((_, i) => (s?.bad?.includes(i) ? c.bad : i % 2 ? c.mid : c.accent));
    const data = d.categories.map((name, i) => ({ name, value: num(s?.values[i]), itemStyle: { color: tints[i], borderColor: c.surface, borderWidth: 1 } }));
    const label = { ...text, color: c.ink, formatter: (p: { name: string; dataIndex: number }) => `${p.name}  ${short(s?.values[p.dataIndex])}` };
    return { ...base, series: [d.kind === "pie" ? { type: "pie", radius: ["52%", "78%"], data, label } : { type: "funnel", left: 12, right: 180, top: 6, bottom: 6, sort: "none", gap: 2, minSize: "6%", data, label: { ...label, position: "right" }, labelLine: { show: false } }] };
  }
  if (d.kind === "steps") {
    const tints = [c.accent, c.warn, c.pos, c.ink3, c.mid, c.bad];
    const room = wide > 520 && d.series.length > 1 ? 150 : 16;
    return { ...base, grid: { left: 4, right: room, top: 14, bottom: 4, containLabel: true },
      xAxis: { type: "time", axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { ...text, color: c.ink3, fontSize: 11, hideOverlap: true, formatter: (v: number) => month(v) }, splitLine: { show: false } },
      yAxis: { type: "value", scale: true, splitNumber: 4, axisLabel: { ...text, color: c.ink3, fontSize: 11, formatter: (v: number) => fine(v) }, splitLine: { lineStyle: { color: c.line } } },
      series: d.series.map((s, n) => ({ name: s.name, type: "line", step: "end", symbol: "circle", symbolSize: 5, showSymbol: d.categories.length <= 40, lineStyle: { width: 2, color: tints[n % tints.length] }, itemStyle: { color: tints[n % tints.length] },
        endLabel: { show: room > 16, formatter: s.name, color: tints[n % tints.length], fontFamily: font, fontSize: 11, width: 132, overflow: "truncate" }, labelLayout: { moveOverlap: "shiftY" },
        data: s.values.map((v, i) => [d.categories[i], v === null ? null : num(v)]) })) };
  }
  const every = Math.max(1, Math.ceil(d.categories.length / Math.max(3, Math.floor(wide / 64))));
  return { ...base, grid: { left: 4, right: 12, top: 14, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: d.categories, boundaryGap: d.kind === "column", axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { ...text, color: c.ink3, fontSize: 11, interval: every - 1 } },
    yAxis: { type: "value", splitNumber: 3, axisLabel: { ...text, color: c.ink3, fontSize: 11, formatter: (v: number) => compact(v) }, splitLine: { lineStyle: { color: c.line } } },
    series: d.series.map(s => d.kind === "line"
      ? { name: s.name, type: "line", symbol: "circle", symbolSize: 5, showSymbol: d.categories.length <= 24, lineStyle: { width: s.role === "compare" ? 1.5 : 2, color: colour(s, -1) }, itemStyle: { color: colour(s, -1) }, data: s.values.map(v => (v === null ? null : num(v))) }
      : { name: s.name, type: "bar", barMaxWidth: 34, barGap: "10%", data: s.values.map((v, i) => ({ value: num(v), itemStyle: { color: colour(s, i), borderRadius: [2, 2, 0, 0] } })) }) };
}

function month(v: number): string {
  const d = new Date(v);
  return `${new Intl.DateTimeFormat(document.documentElement.lang || "uk", { month: "short" }).format(d)} ${String(d.getFullYear()).slice(2)}`;
}

/** Prices may lie close together: four digits tell them apart. */
function fine(v: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || "uk", { maximumSignificantDigits: 4 }).format(v);
}

function compact(v: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || "uk", { notation: "compact", maximumFractionDigits: 1 }).format(v);
}

export function mount(el: HTMLElement): void {
  const d = json<Data | null>("[data-json]", null, el);
  if (!d || !d.categories.length) return;
  const place = h("div", { class: el.dataset["chart"] ?? "k-chart" });
  el.append(place);
  let chart: ECharts | undefined;
  const draw = () => {
    if (!place.clientWidth) return;
    chart ??= init(place, null, { renderer: "svg" });
    chart.resize();
    chart.setOption(option(d, place), true);
  };
  draw();
  chart?.on("click", (p: { dataIndex?: number }) => { const href = d.links?.[p.dataIndex ?? -1]; if (href) void go(href); });
  const size = new ResizeObserver(() => draw());
  size.observe(place);
  const theme = () => { if (el.isConnected) draw(); else document.removeEventListener("kontor:theme", theme); };
  document.addEventListener("kontor:theme", theme);
  el.addEventListener("htmx:beforeCleanupElement", () => { size.disconnect(); chart?.dispose(); });
}
