// What does node-ical find in .ics files? One line of JSON for each file.
const { createRequire } = require("node:module");

// The libraries are installed beside neither this file nor the caller: the caller says where.
const ical = createRequire(process.env.READERS_NODE + "/")("node-ical");

const twoDigits = (number) => String(number).padStart(2, "0");

// node-ical gives whole days as midnight by the machine's clock.
function inWords(moment, wholeDay) {
  if (wholeDay) return `${moment.getFullYear()}-${twoDigits(moment.getMonth() + 1)}-${twoDigits(moment.getDate())}`;
  return moment.toISOString().replace(".000Z", "Z");
}

for (const name of process.argv.slice(2)) {
  const found = Object.values(ical.sync.parseFile(name)).filter((one) => one.type === "VEVENT");
  const rows = found.map((event) => ({
    uid: event.uid,
    start: inWords(event.start, event.datetype === "date"),
    end: inWords(event.end, event.datetype === "date"),
    summary: event.summary,
    status: event.status,
  }));
  console.log(JSON.stringify(rows));
}
