/**
 * Shows the figures of the moment under the pointer. It reads them from the table of the scenario, so that the page
 * has them once; without it, nothing is missing. It contains no character that XML would escape.
 */
export const SCRIPT = `
document.querySelectorAll('section.scenario').forEach(function (section) {
  var table = section.querySelector('table.points'), tip = section.querySelector('.tip');
  if (!table || !tip) { return; }
  var names = Array.from(table.querySelectorAll('thead th')).map(function (cell) { return cell.textContent; });
  var rows = Array.from(table.querySelectorAll('tbody tr'));
  var starts = rows.map(function (row) { return Number(row.dataset.time); });
  section.querySelectorAll('svg.timeline').forEach(function (svg) {
    var cursor = svg.querySelector('.cursor'), box = svg.viewBox.baseVal;
    var left = Number(svg.dataset.left), right = Number(svg.dataset.right);
    function hide() { tip.hidden = true; cursor.setAttribute('visibility', 'hidden'); }
    function show(event) {
      var place = svg.getBoundingClientRect(), x = (event.clientX - place.left) * box.width / place.width;
      if (Math.min(Math.max(x, left), right) !== x) { hide(); return; }
      var time = (x - left) / (right - left) * Number(svg.dataset.seconds);
      var index = starts.findLastIndex(function (start) { return Math.max(start, time) === time; });
      if (index === -1) { hide(); return; }
      cursor.setAttribute('x1', x); cursor.setAttribute('x2', x); cursor.setAttribute('visibility', 'visible');
      tip.replaceChildren.apply(tip, Array.from(rows[index].cells).map(function (cell, column) {
        var line = document.createElement('div');
        line.textContent = names[column] + ': ' + cell.textContent;
        return line;
      }));
      tip.hidden = false;
      var at = event.clientX - place.left, beside = at + 16 + tip.offsetWidth;
      tip.style.left = (Math.max(beside, place.width) === beside ? Math.max(0, at - 16 - tip.offsetWidth) : at + 16) + 'px';
      tip.style.top = Math.max(0, event.clientY - place.top - tip.offsetHeight - 12) + 'px';
    }
    svg.addEventListener('pointermove', show);
    svg.addEventListener('pointerdown', show);
    svg.addEventListener('pointerleave', hide);
  });
});
`;
