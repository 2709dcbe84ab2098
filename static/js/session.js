// The end of a session: announced five minutes before, put off by one press, and never a loss of what was typed.

const MINUTE = 60_000;
const bar = document.querySelector('[data-session-minutes]');

if (bar) {
  const length = bar.dataset.sessionMinutes * MINUTE;
  const [soon, over] = bar.querySelectorAll('[data-session]');
  let timers = [];

  const show = (part) => {
    bar.hidden = !part;
    soon.hidden = part !== soon;
    over.hidden = part !== over;
  };
  const begin = () => {
    timers.forEach(clearTimeout);
    timers = [setTimeout(show, length - 5 * MINUTE, soon), setTimeout(show, length, over)];
    show(null);
  };
  soon.querySelector('button').addEventListener('click', async () => {
    const { stay, token } = bar.dataset;
    const answer = await fetch(stay, { method: 'POST', headers: { 'X-CSRFToken': token }, redirect: 'manual' });
    if (answer.status === 204) begin();
    else show(over);
  });
  begin();
}
