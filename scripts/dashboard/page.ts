import { AlarmWidget, Dashboard, MetricWidget, TextWidget, Widget } from './body';
import { DrawChart } from './chart';
import { Series, seriesOf } from './series';
import { Box, escapeText, FONT, inlineMarkdown, INK, LINE, MUTED, rectangle, textLine, widthOf } from './svg';

const COLUMNS = 24;
const COLUMN = 60;
const ROW = 38;
const GAP = 8;
const BANNER = 40;
const PADDING = 12;
/** Blue above green. */
const ALARM_ROWS = 2;
const OK = '#1d8102';
const SAMPLE = '#d13212';

/** The whole dashboard as one SVG. */
export async function drawPage(dashboard: Dashboard, drawChart: DrawChart): Promise<string> {
  const width = COLUMNS * COLUMN + GAP;
  const height = BANNER + ROW * Math.max(...dashboard.widgets.map((widget) => widget.y + widget.height)) + GAP;
  const drawn: string[] = [];
  for (const widget of dashboard.widgets) {
    drawn.push(await drawWidget(widget, dashboard, drawChart));
  }
  const title = `CloudWatch dashboard ${dashboard.name}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}">`,
    `<title>${escapeText(title)}, drawn from its JSON with sample data</title>`,
    rectangle({ x: 0, y: 0, width, height }, '#f2f3f3'),
    textLine(`${escapeText(title)} <tspan font-weight="normal" fill="${MUTED}">drawn from its JSON with</tspan> <tspan fill="${SAMPLE}">sample data</tspan>`, {
      x: GAP + PADDING, y: 27, size: 16, bold: true,
    }),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

async function drawWidget(widget: Widget, dashboard: Dashboard, drawChart: DrawChart): Promise<string> {
  const box = {
    x: widget.x * COLUMN
      + GAP,
    y: BANNER + widget.y * ROW,
    width: widget.width * COLUMN - GAP,
    height: widget.height * ROW - GAP,
  };
  switch (widget.type) {
    case 'text': return drawText(widget, box);
    case 'alarm': return drawAlarms(widget, box);
    case 'metric': return drawMetrics(widget, box, seriesOf(widget, dashboard.start), drawChart);
  }
}

function drawText({ properties: { markdown, background } }: TextWidget, box: Box): string {
  const x = box.x + PADDING;
  let y = box.y + 4;
  const lines = markdown.split('\n\n').map((paragraph) => {
    const [, marks, text] = /^(#*) *(.*)$/.exec(paragraph) ?? [];
    y += marks ? 22 : 24;
    return marks ? drawHeading(text, x, y, marks.length) : textLine(inlineMarkdown(text), { x, y, size: 13 });
  });
  return [...background === 'transparent' ? [] : [card(box)], ...lines].join('\n');
}

function drawHeading(text: string, x: number, y: number, level: number): string {
  return textLine(inlineMarkdown(text), { x, y, size: level === 1 ? 18 : 15, bold: true });
}

function drawAlarms({ properties: { title, alarms } }: AlarmWidget, box: Box): string {
  const columns = Math.ceil(alarms.length / ALARM_ROWS);
  const width = Math.floor((box.width - 2 * PADDING + GAP) / columns);
  const tiles = alarms.map((name, index) => {
    const x = box.x + PADDING + (index % columns) * width;
    const y = box.y + 32 + Math.floor(index / columns) * 34;
    return [
      rectangle({ x, y, width: width - GAP, height: 28 }, '#f2f8f0', ` stroke="${OK}" rx="2"`),
      textLine('OK', { x: x + 8, y: y + 18, size: 11, color: OK, bold: true }),
      textLine(escapeText(name), { x: x + 36, y: y + 18, size: 12 }),
    ].join('\n');
  });
  return [card(box), titleLine(title, box), ...tiles].join('\n');
}

async function drawMetrics(
  { properties }: MetricWidget, box: Box, series: Series[], drawChart: DrawChart,
): Promise<string> {
  const { title, annotations, yAxis: { left = {} } } = properties;
  const chart = { x: box.x + PADDING, y: box.y + 42, width: box.width - 2 * PADDING, height: box.height - 68 };
  const svg = await drawChart({ ...chart, ...left, series, annotations: annotations?.horizontal ?? [] });
  return [
    card(box),
    titleLine(title, box),
    textLine(escapeText(left.label ?? ''), { x: chart.x, y: box.y + 36, size: 10, color: MUTED }),
    svg.replace(/^<svg [^>]*>/, `<svg x="${chart.x}" y="${chart.y}" width="${chart.width}" height="${chart.height}">`),
    drawLegend(series, chart.x, box.y + box.height - 12),
  ].join('\n');
}

function drawLegend(series: Series[], left: number, y: number): string {
  let x = left;
  return series.map(({ label, color }) => {
    const key = rectangle({ x, y: y - 9, width: 10, height: 10 }, color);
    const text = textLine(escapeText(label), { x: x + 15, y, size: 11, color: INK });
    x += 15 + widthOf(label, 11) + 14;
    return key + text;
  }).join('\n');
}

function titleLine(title: string, { x, y }: Box): string {
  return textLine(escapeText(title), { x: x + PADDING, y: y + 21, size: 13, bold: true });
}

function card(box: Box): string {
  return rectangle(box, '#ffffff', ` stroke="${LINE}" rx="2"`);
}
