/**
 * Colors and layout of the page.
 *
 * Blue is dark and plain, green is light and hatched, so that they differ without color, too. Texts have a contrast of
 * at least 4.5 to 1 with their background in both schemes.
 */
const COLORS = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#16191f;--quiet:#525b68;--line:#d8dde4;--grid:#e6e9ee;
--blue:#1d4fc4;--green:#7ddba6;--hatch:#128a4e;--green-edge:#0f7a44;--nobody:#8b93a0;--failure:#c81e2d;--failure-text:#b3121f;
--warn:#9a4d00;--good:#0b6b3a;--good-soft:#e3f5ea;--bad-soft:#fdeaea;--skip-soft:#eceff3;--alarm:#d9480f;--p99:#9b3fc0;--on-strong:#fff}
@media (prefers-color-scheme:dark){:root{--page:#0f1216;--card:#181c22;--ink:#eceff4;--quiet:#a9b2bf;--line:#343b46;--grid:#272d36;
--blue:#4a7dff;--green:#a8efc8;--hatch:#2f9d68;--green-edge:#7fe0ae;--nobody:#767f8c;--failure:#ff5c66;--failure-text:#ff8c93;
--warn:#ffb86b;--good:#6fdc9f;--good-soft:#12301f;--bad-soft:#3a1a1e;--skip-soft:#252b34;--alarm:#ff8a4c;--p99:#d39bf0;--on-strong:#101317}}`;

const PAGE = `
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header.top{max-width:1120px;margin:0 auto;padding:0 20px}
header.top{padding-top:28px}
h1{font-size:17px;margin:0;color:var(--quiet);font-weight:600}
h2{font-size:21px;margin:0}
h3{font-size:15px;margin:22px 0 6px}
a{color:inherit}
p{margin:6px 0}
p,td,dd{text-wrap:pretty}
.verdict{font-size:26px;line-height:1.25;font-weight:700;margin:6px 0 4px;display:flex;gap:14px;align-items:flex-start;flex-wrap:wrap}
.badge{display:inline-block;border-radius:6px;padding:1px 10px;font-size:14px;line-height:1.7;font-weight:700;white-space:nowrap}
.verdict .badge{font-size:19px;padding:1px 14px}
.passed{background:var(--good-soft);color:var(--good)}
.failed{background:var(--bad-soft);color:var(--failure-text)}
.skipped{background:var(--skip-soft);color:var(--quiet)}
.quiet{color:var(--quiet)}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 24px;margin:18px 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:10px;margin:18px 0 0;padding:0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:9px 14px}
.facts b{display:block;font-size:20px;line-height:1.3;font-variant-numeric:tabular-nums}
.facts span{color:var(--quiet);font-size:13px}
.heading{display:flex;gap:12px;align-items:center;flex-wrap:wrap}
.finding{font-size:17px;font-weight:600;margin:10px 0}
.why{display:grid;grid-template-columns:fit-content(38%) 1fr;gap:4px 16px;margin:10px 0}
.why dt{color:var(--quiet)}
.why dd{margin:0;min-width:0}
.remedy{border-left:4px solid var(--failure);background:var(--bad-soft);padding:8px 14px;margin:12px 0;border-radius:0 8px 8px 0}
.numbers{display:flex;flex-wrap:wrap;gap:4px 26px;margin:12px 0;padding:0;list-style:none;font-variant-numeric:tabular-nums}
.numbers span{color:var(--quiet)}
.numbers .bad b{color:var(--failure-text)}
.steps{columns:2;column-gap:36px;margin:6px 0;padding:0;list-style:none;font-size:14px}
.steps li{display:grid;grid-template-columns:2.4em 3.9em 1fr;break-inside:avoid;padding:1px 0}
.steps i{font-style:normal;color:var(--quiet);font-variant-numeric:tabular-nums;overflow-wrap:normal}
.steps .rollback{color:var(--warn);font-weight:600}
.steps .fault{color:var(--failure-text);font-weight:600}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid var(--grid);vertical-align:top}
th{color:var(--quiet);font-weight:600;vertical-align:bottom;overflow-wrap:normal}
.number{text-align:right;font-variant-numeric:tabular-nums}
td.number{white-space:nowrap}
.scroll{overflow:auto;max-height:420px;border:1px solid var(--line);border-radius:8px;padding:0 12px;margin:8px 0}
.scroll thead th{position:sticky;top:0;background:var(--card)}
.overview td:first-child{white-space:nowrap}
.overview .name{font-weight:600;min-width:11.5em}
details{margin:10px 0}
summary{cursor:pointer;font-weight:600}
footer{max-width:1120px;margin:0 auto;padding:8px 20px 40px}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}`;

const CHARTS = `
.drawing{position:relative;margin:14px 0 4px}
.defs{position:absolute;width:0;height:0}
.timeline{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;touch-action:pan-y}
.timeline.narrow{display:none}
.timeline text{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.timeline .pill text{stroke:none}
.timeline .title{font-weight:600;font-size:13px}
.timeline .note{fill:var(--quiet)}
.timeline .end{text-anchor:end}
.timeline .middle{text-anchor:middle}
.grid{stroke:var(--grid)}
.axis{stroke:var(--quiet)}
.blue{fill:var(--blue)}
.green{fill:url(#green)}
.nobody{fill:var(--nobody)}
.failure,.unhealthy{fill:var(--failure)}
.unhealthy{fill:url(#unhealthy)}
.median{fill:none;stroke:var(--ink);stroke-width:2;stroke-linejoin:round}
.p99{fill:none;stroke:var(--p99);stroke-width:1.6;stroke-dasharray:5 2;stroke-linejoin:round}
.median-swatch{fill:var(--ink)}
.p99-swatch{fill:var(--p99)}
.state{stroke-width:1.5}
.blue-line{stroke:var(--blue);fill:var(--blue)}
.green-line{stroke:var(--green-edge);fill:var(--green)}
.starting{fill-opacity:0;stroke-dasharray:3 2}
.draining{fill-opacity:.3}
.ok{fill:var(--good)}
.alarm{fill:var(--alarm)}
.leader{stroke:var(--quiet)}
.event-line{stroke:var(--quiet);stroke-opacity:.45;stroke-dasharray:2 3;fill:none}
.cursor{stroke:var(--ink);stroke-width:1}
.pill rect{fill:var(--card);stroke:var(--quiet);stroke-width:1.3}
.pill text{font-size:11.5px;font-weight:600}
.pill.fault rect{fill:var(--failure);stroke:var(--failure)}
.pill.rollback rect{fill:var(--warn);stroke:var(--warn)}
.timeline .pill.fault text,.timeline .pill.rollback text{fill:var(--on-strong)}
.timeline .fault-text{fill:var(--failure-text);font-weight:600}
.timeline .rollback-text{fill:var(--warn);font-weight:600}
.tip{position:absolute;top:0;pointer-events:none;background:var(--ink);color:var(--page);border-radius:8px;padding:6px 10px;font-size:13px;line-height:1.4;z-index:2;white-space:nowrap}
.tip[hidden]{display:none}
.hatch-back{fill:var(--green)}
.hatch-line{stroke:var(--hatch);stroke-width:1.2}
.cross-back{fill:var(--failure)}
.cross-line{stroke:var(--card);stroke-width:1.4}`;

const NARROW = `
@media (max-width:720px){
main,header.top,footer{padding-left:12px;padding-right:12px}
.card{padding:14px;border-radius:10px}
.verdict{font-size:21px}
.why{grid-template-columns:1fr;gap:0}
.why dd{margin-bottom:8px}
.steps{columns:1}
.timeline.wide{display:none}
.timeline.narrow{display:block}
.facts{grid-template-columns:1fr 1fr}
.facts .long{grid-column:1/-1}
.overview,.overview tbody,.overview tr,.overview td{display:block}
.overview thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.overview td{border:0;padding:1px 0;text-align:left}
.overview td[data-name]:before{content:attr(data-name) ": ";color:var(--quiet)}
.overview td.number{display:inline;padding-right:14px}
.overview tr{padding:9px 0;border-bottom:1px solid var(--grid)}}
@media print{.scroll{max-height:none}.tip{display:none}.card{break-inside:avoid-page}}`;

export const STYLES = [COLORS, PAGE, CHARTS, NARROW].join('');
